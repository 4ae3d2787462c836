package weir.lake.rows;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import weir.event.BadEvent;
import weir.event.CleanEvent;
import weir.event.CleanRecord;
import weir.event.ColumnType;
import weir.event.EventColumn;
import weir.event.RawPosition;
import weir.lake.LakeColumn;
import weir.lake.catalog.BadEventColumn;
import weir.lake.catalog.TableLayout;

/**
 * Pending rows of one table with what orders them: day, event, actor, time.
 *
 * <p>A property whose value is of another type than its column, or whose name cannot be a column,
 * is put into the JSON of {@code properties}, so that nothing is lost and nothing stops.
 */
public final class RowBuffer {
  private static final EventColumn[] EVENT_COLUMNS = EventColumn.values();
  private static final int PROPERTIES =
      Arrays.asList(EVENT_COLUMNS).indexOf(EventColumn.PROPERTIES);
  private static final long DAY_MICROS = 86_400_000_000L;
  private static final int MAX_COLUMNS = 0xFFFF;

  /** A column of the buffer, which the table may not have yet. */
  public record Column(String name, ColumnType type) {}

  private final TableLayout layout;
  private final Map<String, ColumnType> tableColumns;
  private final List<Column> columns = new ArrayList<>();
  private final Map<String, Integer> columnNumbers = new HashMap<>();
  private int[] values;

  private final RowArena arena = new RowArena();
  private final Names events = new Names();
  private final Names actors = new Names();
  private int[] days = new int[64];
  private int[] eventOf = new int[64];
  private int[] actorOf = new int[64];
  private long[] times = new long[64];
  private long misfits;

  /**
   * @param tableColumns the columns that the table has
   */
  public RowBuffer(TableLayout layout, List<LakeColumn> tableColumns) {
    this.layout = layout;
    this.tableColumns = new HashMap<>();
    tableColumns.forEach(column -> this.tableColumns.put(column.name(), column.type()));
    layout.columns().forEach(column -> columns.add(new Column(column.name(), column.type())));
    values = new int[columns.size() + 16];
  }

  public void add(CleanRecord row) {
    switch (layout) {
      case EVENTS -> {
        if (!(row instanceof CleanEvent event)) {
          throw new IllegalArgumentException("not an event: " + row.getClass().getSimpleName());
        }
        addEvent(event);
      }
      case BAD_EVENTS -> {
        if (!(row instanceof BadEvent bad)) {
          throw new IllegalArgumentException("not a bad event: " + row.getClass().getSimpleName());
        }
        addBad(bad);
      }
    }
  }

  private void addEvent(CleanEvent event) {
    arena.begin();
    for (int i = 0; i < EVENT_COLUMNS.length; i++) {
      EventColumn column = EVENT_COLUMNS[i];
      if (column == EventColumn.RAW_POSITION) {
        put(i, RawPositionText.utf8(event.origin().rawPosition()));
      } else if (column != EventColumn.PROPERTIES) {
        put(i, column.type(), event.get(column));
      }
    }
    Map<String, Object> astray = null;
    for (Map.Entry<String, Object> property : event.properties().entrySet()) {
      int number = columnFor(property.getKey(), property.getValue());
      if (number >= 0) {
        put(number, columns.get(number).type(), property.getValue());
      } else {
        astray = astray == null ? new LinkedHashMap<>() : astray;
        astray.put(property.getKey(), property.getValue());
      }
    }
    String json = event.string(EventColumn.PROPERTIES);
    if (astray != null) {
      misfits += astray.size();
      json = PropertyJson.with(json, astray);
    }
    put(PROPERTIES, ColumnType.STRING, json);
    end(
        event.timestamp(),
        events.number(event.event()),
        actors.number(event.string(EventColumn.ACTOR)));
  }

  private void addBad(BadEvent bad) {
    arena.begin();
    put(BadEventColumn.EVENT_ID, bad.eventId());
    put(BadEventColumn.EVENT, bad.event());
    put(BadEventColumn.PROTOCOL, bad.protocol());
    put(BadEventColumn.SOURCE, bad.origin().source());
    put(BadEventColumn.STAGE, bad.stage());
    put(BadEventColumn.REASON, bad.reason());
    put(BadEventColumn.MESSAGE, bad.message());
    put(BadEventColumn.PAYLOAD, payload(bad.payload()));
    put(BadEventColumn.RECEIVED_AT, bad.origin().receivedAt());
    put(BadEventColumn.PROCESSED_AT, bad.origin().processedAt());
    RawPosition position = bad.origin().rawPosition();
    put(numberOf(BadEventColumn.RAW_POSITION), RawPositionText.utf8(position));
    end(bad.origin().receivedAt(), 0, 0);
  }

  /** As text where it is text, else as a data URL, so that not a byte is lost. */
  private static String payload(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return "data:;base64," + Base64.getEncoder().encodeToString(bytes);
    }
  }

  private static int numberOf(BadEventColumn column) {
    return column.fieldId() - 1;
  }

  private void put(BadEventColumn column, @Nullable Object value) {
    put(numberOf(column), column.type(), value);
  }

  private int columnFor(String name, Object value) {
    Integer known = columnNumbers.get(name);
    ColumnType type = typeOf(value);
    if (known != null) {
      return columns.get(known).type() == type ? known : -1;
    }
    ColumnType inTable = tableColumns.get(name);
    boolean fits = inTable == null ? canBeColumn(name) : inTable == type;
    if (!fits || EventColumn.named(name).isPresent() || columns.size() == MAX_COLUMNS) {
      return -1;
    }
    columns.add(new Column(name, type));
    columnNumbers.put(name, columns.size() - 1);
    if (values.length < columns.size()) {
      values = Arrays.copyOf(values, columns.size() * 2);
    }
    return columns.size() - 1;
  }

  private static boolean canBeColumn(String name) {
    return name.startsWith("p_") && name.equals(name.toLowerCase(Locale.ROOT));
  }

  private static ColumnType typeOf(Object value) {
    return switch (value) {
      case Boolean ignored -> ColumnType.BOOLEAN;
      case Double ignored -> ColumnType.DOUBLE;
      case String ignored -> ColumnType.STRING;
      default -> throw new IllegalArgumentException("a property of class " + value.getClass());
    };
  }

  private void put(int column, ColumnType type, @Nullable Object value) {
    if (value == null) {
      return;
    }
    values[column]++;
    switch (type) {
      case STRING -> arena.putString(column, ((String) value).getBytes(StandardCharsets.UTF_8));
      case LONG, TIMESTAMP -> arena.putLong(column, (Long) value);
      case DOUBLE -> arena.putLong(column, Double.doubleToRawLongBits((Double) value));
      case INTEGER -> arena.putInt(column, (Integer) value);
      case BOOLEAN -> arena.putBoolean(column, (Boolean) value);
    }
  }

  private void put(int column, byte[] utf8) {
    values[column]++;
    arena.putString(column, utf8);
  }

  private void end(long micros, int event, int actor) {
    int row = arena.end();
    if (row == times.length) {
      days = Arrays.copyOf(days, row * 2);
      eventOf = Arrays.copyOf(eventOf, row * 2);
      actorOf = Arrays.copyOf(actorOf, row * 2);
      times = Arrays.copyOf(times, row * 2);
    }
    days[row] = (int) Math.floorDiv(micros, DAY_MICROS);
    eventOf[row] = event;
    actorOf[row] = actor;
    times[row] = micros;
  }

  public int rows() {
    return arena.rows();
  }

  /** Memory in use, approximately. */
  public long bytes() {
    return arena.bytes() + events.bytes() + actors.bytes() + 28L * times.length;
  }

  /** How many property values went astray into the JSON of {@code properties}. */
  public long misfits() {
    return misfits;
  }

  /** All columns, those of the layout first. */
  public List<Column> columns() {
    return columns;
  }

  /** Whether any row has a value in a column. */
  public boolean isUsed(int column) {
    return values[column] > 0;
  }

  /** Whether most rows have a value in a column. */
  boolean isDense(int column) {
    return values[column] > rows() / 2;
  }

  RowArena arena() {
    return arena;
  }

  /** The rows in the table's order: day, event, actor, time, and then as they came. */
  public OrderedRows ordered() {
    int n = rows();
    Names.Ranks eventRanks = events.ranks();
    Names.Ranks actorRanks = actors.ranks();
    RowOrder order = new RowOrder(n);
    order.byLong(times);
    order.byInt(actorOf, actorRanks.rankOf());
    order.byInt(eventOf, eventRanks.rankOf());
    order.byInt(days);
    return new OrderedRows(
        this, order.rows(), days, times, eventOf, eventRanks, actorOf, actorRanks);
  }
}
