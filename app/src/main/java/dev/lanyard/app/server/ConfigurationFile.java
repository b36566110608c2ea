package dev.lanyard.app.server;

import dev.lanyard.app.input.Document;
import dev.lanyard.app.input.Node;
import dev.lanyard.app.input.Problems;
import dev.lanyard.app.input.Section;
import dev.lanyard.app.input.Source;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads settings from YAML or JSON: the names of the options, without the dashes. */
final class ConfigurationFile {
  private static final Set<String> KEYS =
      Arrays.stream(Setting.values()).map(Setting::key).collect(Collectors.toUnmodifiableSet());

  private ConfigurationFile() {}

  /** One line for each thing that is wrong with the file. */
  static final class Wrong extends Exception {
    private static final long serialVersionUID = 1;

    private final transient List<String> lines;

    Wrong(List<String> lines) {
      super(String.join("\n", lines));
      this.lines = lines;
    }

    List<String> lines() {
      return lines;
    }
  }

  /** The file that the command line names, else the environment; null for none. */
  static @Nullable String name(
      @Nullable String option, UnaryOperator<@Nullable String> environment) {
    if (option != null) return option;
    String variable = environment.apply("LANYARD_CONFIG");
    return variable == null || variable.isEmpty() ? null : variable;
  }

  /** {@code name} is null for no file. */
  static Map<Setting, Given> read(@Nullable String name) throws Wrong {
    if (name == null) return Map.of();
    try {
      Source source = Source.read(name);
      Problems problems = new Problems(source.name());
      Map<Setting, Given> values = read(source, problems);
      if (problems.none()) return values;
      throw new Wrong(problems.lines());
    } catch (Source.Unreadable e) {
      throw new Wrong(List.of(String.valueOf(e.getMessage())));
    }
  }

  private static Map<Setting, Given> read(Source source, Problems problems) {
    Map<Setting, Given> values = new EnumMap<>(Setting.class);
    Node root = Document.read(source, "settings", problems);
    if (root == null) return values;
    if (!(root instanceof Node.Mapping mapping)) {
      problems.add(root.place(), "expected a mapping with settings, found " + root.described());
      return values;
    }
    Section section = new Section(mapping, "the settings", KEYS, problems);
    for (Setting setting : Setting.values()) {
      Node node = section.node(setting.key());
      if (node == null) continue;
      String text = text(section, setting, node);
      String origin = source.name() + ":" + node.place().line();
      if (text != null) values.put(setting, new Given(text, origin));
    }
    return values;
  }

  private static @Nullable String text(Section section, Setting setting, Node node) {
    return switch (node) {
      case Node.Mapping _ when setting == Setting.LIMIT -> {
        Map<String, String> limits = section.textsByKey(setting.key());
        yield limits == null
            ? null
            : limits.entrySet().stream()
                .map(limit -> limit.getKey() + "=" + limit.getValue())
                .collect(Collectors.joining(","));
      }
      case Node.Listing _ when setting == Setting.HOST -> {
        List<String> hosts = section.texts(setting.key());
        yield hosts == null ? null : String.join(",", hosts);
      }
      default -> section.text(setting.key());
    };
  }
}
