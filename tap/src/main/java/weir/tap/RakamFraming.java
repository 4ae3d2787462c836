package weir.tap;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import weir.event.CleanEvent;
import weir.event.EventColumn;
import weir.event.Position;
import weir.event.ProjectProperties;

/**
 * Server-sent events as a client of Rakam's event stream reads them: named {@code data}, each a
 * list of {@code {"collection":"...","properties":{...}}}. The columns that Rakam's clients fill
 * have the names that they gave.
 *
 * @param columns the properties that are wanted; empty for all
 */
public record RakamFraming(Set<String> columns) implements Framing {
  /** Their names of properties, and the columns that these are here. */
  private static final Map<String, EventColumn> COLUMNS =
      Map.ofEntries(
          Map.entry("_id", EventColumn.EVENT_ID),
          Map.entry("_time", EventColumn.TIMESTAMP),
          Map.entry("_user", EventColumn.USER_ID),
          Map.entry("_device_id", EventColumn.ANONYMOUS_ID),
          Map.entry("_session_id", EventColumn.SESSION_ID),
          Map.entry("_platform", EventColumn.PLATFORM),
          Map.entry("_ip", EventColumn.IP),
          Map.entry("_referrer", EventColumn.REFERRER),
          Map.entry("_country_code", EventColumn.COUNTRY),
          Map.entry("_region", EventColumn.REGION),
          Map.entry("_city", EventColumn.CITY),
          Map.entry("_latitude", EventColumn.LATITUDE),
          Map.entry("_longitude", EventColumn.LONGITUDE),
          Map.entry("_utm_source", EventColumn.UTM_SOURCE),
          Map.entry("_utm_medium", EventColumn.UTM_MEDIUM),
          Map.entry("_utm_campaign", EventColumn.UTM_CAMPAIGN),
          Map.entry("_utm_term", EventColumn.UTM_TERM),
          Map.entry("_utm_content", EventColumn.UTM_CONTENT));

  private static final JsonFactory JSON = new JsonFactory();

  public RakamFraming {
    columns = Set.copyOf(columns);
  }

  /** The name here of what a client of Rakam's calls so. */
  public static String here(String theirs) {
    return Optional.ofNullable(COLUMNS.get(theirs)).map(EventColumn::columnName).orElse(theirs);
  }

  @Override
  public void write(
      CleanEvent event, ProjectProperties known, Position next, ByteArrayOutputStream out)
      throws IOException {
    Framing.text(out, "id: " + next + "\nevent: data\ndata: ");
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartArray();
      json.writeStartObject();
      json.writeStringField("collection", event.event());
      json.writeObjectFieldStart("properties");
      for (Map.Entry<String, EventColumn> each : COLUMNS.entrySet()) {
        Object value = event.get(each.getValue());
        if (value != null && wanted(each.getKey())) {
          json.writeFieldName(each.getKey());
          EventJson.write(json, each.getValue(), value);
        }
      }
      EventJson.writeProperties(
          json, event, known, name -> wanted(name) && !COLUMNS.containsKey(name));
      json.writeEndObject();
      json.writeEndObject();
      json.writeEndArray();
    }
    Framing.text(out, "\n\n");
  }

  private boolean wanted(String name) {
    return columns.isEmpty() || columns.contains(name);
  }
}
