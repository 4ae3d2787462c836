package weir.query.insight;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import weir.query.QueryException;

/**
 * The persons who are asked for behind a bin of a distribution.
 *
 * @param bin its number, from 1; or below, above or missing
 */
record BinPersons(JsonNode bin, Optional<JsonNode> breakdown, int limit) {
  /** Those in no bin. */
  private enum Beside {
    BELOW,
    ABOVE,
    MISSING
  }

  static BinPersons read(RequestFields fields) throws QueryException {
    JsonNode bin = fields.get("bin");
    if (bin.isTextual()) {
      fields.choice("bin", Beside.BELOW);
    } else {
      fields.number("bin", 0, 1, BinEdges.MOST_BINS);
    }
    if (!fields.has("bin")) {
      throw RequestFields.invalid(
          fields.path("bin") + " is missing: the bin's number from 1, or below, above or missing");
    }
    JsonNode breakdown = fields.get("breakdown");
    BinPersons persons =
        new BinPersons(
            bin,
            breakdown.isMissingNode() ? Optional.empty() : Optional.of(breakdown),
            Question.personLimit(fields));
    fields.end();
    return persons;
  }

  /** The persons, of the table that has all units with their bins. */
  String sql(String binned, BinEdges edges, Dialect dialect) throws QueryException {
    List<String> conditions = new ArrayList<>();
    conditions.add("person_id IS NOT NULL");
    conditions.add("is_whole = " + (breakdown.isPresent() ? 0 : 1));
    conditions.add("bin = " + number(edges));
    breakdown.ifPresent(value -> conditions.add(Sql.is("breakdown", value, dialect)));
    return binned + " SELECT DISTINCT person_id FROM binned" + Sql.where(conditions);
  }

  private int number(BinEdges edges) throws QueryException {
    if (bin.isTextual()) {
      return switch (Beside.valueOf(bin.asText().toUpperCase(Locale.ROOT))) {
        case BELOW -> BinEdges.BELOW;
        case ABOVE -> edges.bins();
        case MISSING -> BinEdges.MISSING;
      };
    }
    if (bin.intValue() > edges.bins()) {
      throw RequestFields.invalid(
          "persons.bin must be a whole number from 1 to " + edges.bins() + ", the number of bins");
    }
    return bin.intValue() - 1;
  }
}
