package weir.plugin.loading;

import java.net.URL;
import java.net.URLClassLoader;
import org.jspecify.annotations.Nullable;
import weir.plugin.Plugin;

/** Finds a jar's classes, those of the JDK and those of {@code weir.plugin}; nothing else. */
final class PluginLoader extends URLClassLoader {
  private static final String API = Plugin.class.getPackageName();

  static {
    registerAsParallelCapable();
  }

  PluginLoader(URL jar) {
    super("plug-in", new URL[] {jar}, new Api());
  }

  private static final class Api extends ClassLoader {
    static {
      registerAsParallelCapable();
    }

    Api() {
      super("weir.plugin", ClassLoader.getPlatformClassLoader());
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      int dot = name.lastIndexOf('.');
      if (dot > 0 && name.substring(0, dot).equals(API)) {
        return Class.forName(name, false, Plugin.class.getClassLoader());
      }
      throw new ClassNotFoundException(name);
    }

    @Override
    protected @Nullable URL findResource(String name) {
      return null;
    }
  }
}
