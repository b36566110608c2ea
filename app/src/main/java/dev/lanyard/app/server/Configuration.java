package dev.lanyard.app.server;

import dev.lanyard.durable.Database;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What each setting is and who said so: an option goes before the environment, that before a file.
 */
final class Configuration {
  private final Map<Setting, Given> values = new EnumMap<>(Setting.class);

  private Configuration() {}

  /**
   * Puts the sources together.
   *
   * @param environment gives the value of a variable, null or empty for none
   */
  static Configuration of(
      Map<Setting, String> options,
      UnaryOperator<@Nullable String> environment,
      Map<Setting, Given> file) {
    var all = new Configuration();
    for (Setting setting : Setting.values()) {
      Given given = first(setting, options, environment, file);
      if (given != null) all.values.put(setting, given);
    }
    return all;
  }

  private static @Nullable Given first(
      Setting setting,
      Map<Setting, String> options,
      UnaryOperator<@Nullable String> environment,
      Map<Setting, Given> file) {
    String option = options.get(setting);
    if (option != null) return new Given(option, "--" + setting.key());
    String variable = environment.apply(setting.variable());
    if (variable != null && !variable.isEmpty()) return new Given(variable, setting.variable());
    Given said = file.get(setting);
    if (said != null) return said;
    String usual = setting.usual();
    return usual == null ? null : new Given(usual, Given.DEFAULT);
  }

  /** Null if nobody said anything and there is no default. */
  @Nullable Given get(Setting setting) {
    return values.get(setting);
  }

  /** For {@code --print-config}: one line for each setting, no secrets. */
  List<String> lines(Map<Setting, String> worked) {
    List<String> lines = new ArrayList<>();
    for (Setting setting : Setting.values()) {
      Given given = values.get(setting);
      String shown = worked.get(setting);
      if (shown == null) shown = given == null ? "unset" : given.text();
      if (setting == Setting.DB) shown = Database.shown(shown);
      if (setting.isSecret()) shown = given == null ? "unset" : "set";
      String origin = given == null ? Given.DEFAULT : given.origin();
      lines.add(String.format("%-12s %-44s # %s", setting.key() + ":", shown, origin));
    }
    return lines;
  }
}
