package weir.server.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.metadata.MetaStore;
import weir.metadata.RefusedException;
import weir.metadata.Webhook;
import weir.metadata.WebhookStore;
import weir.process.MetaDatabase;

/** Many threads make, change and delete the same few webhooks. */
class WebhookRacesTest {
  private static final int THREADS = 8;

  @TempDir Path folder;
  private volatile List<Webhook> published = List.of();

  private static void inParallel(List<Callable<Void>> work) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      for (Future<Void> each : threads.invokeAll(work)) {
        each.get();
      }
    }
  }

  private interface Play {
    void with(WebhookControl control, MetaStore store) throws Exception;
  }

  private void play(Play play) throws Exception {
    try (MetaDatabase database = MetaDatabase.open(folder.resolve("meta.db"))) {
      MetaStore store =
          new MetaStore(
              database.jdbi(), InstantSource.system(), (keys, webhooks) -> published = webhooks);
      store.ensureFirstProject(folder.resolve("credentials.json"), "http://c", "http://a");
      try (WebhookControl control = WebhookControl.start(store, 1 << 20, InstantSource.system())) {
        play.with(control, store);
      }
    }
  }

  private static Webhook.New wanted(String name) {
    return new Webhook.New(
        name, "stripe", Optional.of("s"), "{\"event\":\"body.e\"}", Optional.empty());
  }

  private static Webhook.Change change(int number) {
    return new Webhook.Change(
        Optional.of("{\"event\":\"body.e" + number + "\"}"),
        rules -> Optional.of("{\"number\":" + number + "}"),
        Optional.of(number % 2 == 0));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whatIsPublishedIsWhatIsLeftAndNoChangeIsHalf(long seed) throws Exception {
    play((control, store) -> {
      Random random = new Random(seed);
      List<String> ids = new CopyOnWriteArrayList<>();
      List<Callable<Void>> work = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        int number = i;
        int what = random.nextInt(10);
        int which = random.nextInt(1_000);
        work.add(() -> {
          try {
            String id = ids.isEmpty() ? "wh_none" : ids.get(which % ids.size());
            switch (what) {
              case 0, 1, 2 -> ids.add(control.create("default", wanted("n" + which % 6)).id());
              case 3 -> control.delete("default", id);
              case 4 -> control.rotateAddress("default", id);
              case 5 -> control.rotateSecret("default", id, "s" + which, Duration.ofHours(1));
              default -> control.change("default", id, change(number));
            }
          } catch (RefusedException e) {
            assertThat(e.reason())
                .isIn(RefusedException.Reason.TAKEN, RefusedException.Reason.UNKNOWN);
          }
          return null;
        });
      }
      inParallel(work);
      List<Webhook> left = store.webhooks().list("default");
      assertThat(left).extracting(Webhook::name).doesNotHaveDuplicates();
      assertThat(published).isEqualTo(left.stream().filter(Webhook::enabled).toList());
      for (Webhook each : left) {
        if (each.rules().isPresent()) {
          String number = each.rules().get().replaceAll("\\D", "");
          assertThat(each.mapping()).isEqualTo("{\"event\":\"body.e" + number + "\"}");
          assertThat(each.enabled()).isEqualTo(Integer.parseInt(number) % 2 == 0);
        }
      }
    });
  }

  @Test
  void aProjectHasNoMoreThanItMayHave() throws Exception {
    play((control, store) -> {
      List<Callable<Void>> work = new ArrayList<>();
      for (int i = 0; i < WebhookStore.MOST + THREADS; i++) {
        String name = "n" + i;
        work.add(() -> {
          try {
            store.webhooks().create("default", wanted(name));
          } catch (RefusedException e) {
            assertThat(e).hasMessageContaining("delete one");
          }
          return null;
        });
      }
      inParallel(work);
      assertThat(store.webhooks().list("default")).hasSize(WebhookStore.MOST);
    });
  }
}
