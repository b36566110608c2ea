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
  private enum Rank {
    OPTION,
    ENVIRONMENT,
    FILE,
    DEFAULT
  }

  private record Said(Given given, Rank rank) {}

  private final Map<Setting, Said> values = new EnumMap<>(Setting.class);

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
      Said said = first(setting, options, environment, file);
      if (said != null) all.values.put(setting, said);
    }
    return all;
  }

  private static @Nullable Said first(
      Setting setting,
      Map<Setting, String> options,
      UnaryOperator<@Nullable String> environment,
      Map<Setting, Given> file) {
    String option = options.get(setting);
    if (option != null) return new Said(new Given(option, "--" + setting.key()), Rank.OPTION);
    String variable = environment.apply(setting.variable());
    if (variable != null && !variable.isEmpty()) {
      return new Said(new Given(variable, setting.variable()), Rank.ENVIRONMENT);
    }
    Given written = file.get(setting);
    if (written != null) return new Said(written, Rank.FILE);
    String usual = setting.usual();
    return usual == null ? null : new Said(new Given(usual, Given.DEFAULT), Rank.DEFAULT);
  }

  /** Null if nobody said anything and there is no default. */
  @Nullable Given get(Setting setting) {
    Said said = values.get(setting);
    return said == null ? null : said.given;
  }

  /**
   * Of two settings that say the same in two ways, whether the first one holds: it alone was given,
   * or by somebody who goes before whoever gave the second.
   */
  boolean holds(Setting first, Setting second) {
    Said one = values.get(first);
    Said other = values.get(second);
    return one != null && (other == null || one.rank.compareTo(other.rank) < 0);
  }

  /** For {@code --print-config}: one line for each setting, no secrets. */
  List<String> lines(Map<Setting, String> worked) {
    List<String> lines = new ArrayList<>();
    for (Setting setting : Setting.values()) {
      Given given = get(setting);
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
