package weir.process;

import java.util.List;
import org.jspecify.annotations.Nullable;
import weir.event.Position;
import weir.event.RawPosition;

/**
 * Frames that go to the clean log together; maybe none, when raw entries brought no events.
 *
 * @param growth to be committed before the frames are appended
 * @param last the last raw event that is decided once the batch is stored
 * @param rawNext the raw log is done with up to here once the batch is stored
 */
record CleanBatch(
    List<byte[]> frames, SchemaGrowth growth, @Nullable RawPosition last, Position rawNext) {}
