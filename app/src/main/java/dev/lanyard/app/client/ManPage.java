package dev.lanyard.app.client;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * The manual page of one command, in the language of man(7). Picocli's own pages are AsciiDoc and
 * want a Ruby program to become this.
 */
record ManPage(String name, CommandSpec command) {
  String text() {
    StringBuilder page = new StringBuilder();
    String[] version = command.root().version();
    String source = version.length == 0 ? "lanyard" : version[0];
    page.append(".TH \"").append(name.toUpperCase(Locale.ROOT)).append("\" 1 \"\" ");
    page.append('"').append(escaped(source)).append("\" \"Lanyard\"\n");
    page.append(".nh\n.ad l\n"); // long options are not to be torn apart
    UsageMessageSpec usage = command.usageMessage();
    String[] description = usage.description();
    section(page, "NAME");
    String summary = description.length == 0 ? name : description[0].replaceFirst("\\.$", "");
    page.append(escaped(name)).append(" \\- ").append(escaped(rendered(summary))).append('\n');
    section(page, "SYNOPSIS");
    synopsis(page, usage);
    if (description.length > 0) section(page, "DESCRIPTION");
    for (String paragraph : description) paragraph(page, paragraph);
    arguments(page);
    subcommands(page);
    if (!usage.exitCodeList().isEmpty()) {
      section(page, "EXIT STATUS");
      usage.exitCodeList().forEach((code, meaning) -> item(page, code, meaning));
    }
    if (usage.footer().length > 0) {
      section(page, "NOTES");
      page.append(".nf\n");
      for (String line : usage.footer()) page.append(line(rendered(line))).append('\n');
      page.append(".fi\n");
    }
    if (command.parent() != null) {
      section(page, "SEE ALSO");
      page.append(".BR ").append(escaped(command.root().name())).append(" (1)\n");
    }
    return page.toString();
  }

  private void synopsis(StringBuilder page, UsageMessageSpec usage) {
    String[] custom = usage.customSynopsis();
    if (custom.length == 0) {
      CommandLine.Help help =
          new CommandLine.Help(command, CommandLine.Help.defaultColorScheme(Ansi.OFF));
      custom = help.synopsis(0).replaceAll("\\s+", " ").strip().split("\n", -1);
    }
    page.append(".nf\n");
    for (String each : custom) page.append(line(each.strip())).append('\n');
    page.append(".fi\n");
  }

  private void arguments(StringBuilder page) {
    boolean headed = false;
    for (PositionalParamSpec parameter : command.positionalParameters()) {
      if (parameter.hidden()) continue;
      if (!headed) section(page, "ARGUMENTS");
      headed = true;
      item(page, parameter.paramLabel(), String.join(" ", parameter.description()));
    }
    List<OptionSpec> options = new ArrayList<>(command.options());
    options.removeIf(OptionSpec::hidden);
    // As the help has them: those of a group behind the others.
    options.sort(
        Comparator.comparing((OptionSpec option) -> option.group() != null)
            .thenComparingInt(OptionSpec::order));
    if (!options.isEmpty()) section(page, "OPTIONS");
    for (OptionSpec option : options) {
      String value = option.arity().max() == 0 ? "" : option.paramLabel();
      String shown =
          value.isEmpty() ? "" : option.arity().min() == 0 ? "[=" + value + "]" : " " + value;
      item(page, String.join(", ", option.names()) + shown, String.join(" ", option.description()));
    }
  }

  private void subcommands(StringBuilder page) {
    if (command.subcommands().isEmpty()) return;
    section(page, "COMMANDS");
    for (Map.Entry<String, CommandLine> each : command.subcommands().entrySet()) {
      String[] description = each.getValue().getCommandSpec().usageMessage().description();
      item(page, each.getKey(), description.length == 0 ? "" : description[0]);
    }
  }

  private static void section(StringBuilder page, String title) {
    page.append(".SH \"").append(title).append("\"\n");
  }

  private static void paragraph(StringBuilder page, String text) {
    page.append(".PP\n").append(line(rendered(text))).append('\n');
  }

  private static void item(StringBuilder page, String term, String text) {
    page.append(".TP\n.B ").append(escaped(term)).append('\n');
    page.append(line(rendered(text))).append('\n');
  }

  /** As picocli shows it, without colours and its own escapes. */
  private static String rendered(String text) {
    return Ansi.OFF.string(text.replace("%n", " ").replace("%%", "%"));
  }

  /** A line of text that does not begin a request. */
  private static String line(String text) {
    String escaped = escaped(text);
    return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\e")
        .replace("-", "\\-")
        .replace("\"", "\\(dq")
        .replace("^", "\\(ha")
        .replace("~", "\\(ti");
  }
}
