package dev.lanyard.app.input;

import java.io.StringReader;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLParser;

/** What is particular to YAML, apart so that a JSON file loads none of its classes. */
final class Yaml {
  record Mistake(Place place, String message) {}

  private Yaml() {}

  static JsonParser parser(StringReader text) {
    return YAMLFactory.builder()
        .loadSettings(
            LoadSettings.builder()
                .setCodePointLimit(Source.MAX_BYTES)
                .setAllowDuplicateKeys(true) // each is reported later, not only the first
                .build())
        .build()
        .createParser(ObjectReadContext.empty(), text);
  }

  static boolean isAlias(JsonParser parser) {
    return ((YAMLParser) parser).isCurrentAlias();
  }

  /**
   * What the YAML engine itself says is wrong, and where; null if it is not the one who says it.
   */
  static @Nullable Mistake mistake(JacksonException failure) {
    if (!(failure.getCause() instanceof MarkedYamlEngineException e)) return null;
    Optional<Mark> mark = e.getProblemMark().or(e::getContextMark);
    if (mark.isEmpty()) return null;
    Place place = new Place(mark.get().getLine() + 1, mark.get().getColumn() + 1);
    StringBuilder message = new StringBuilder(e.getProblem().strip());
    if (e.getContext() != null && e.getContextMark().isPresent()) {
      message.append(" (").append(e.getContext().strip());
      message.append(" from line ").append(e.getContextMark().get().getLine() + 1).append(")");
    } else if (e.getContext() != null) {
      message.append(" (").append(e.getContext().strip()).append(")");
    }
    return new Mistake(place, message.toString());
  }
}
