package dev.lanyard.app.terminal;

/** Colours, or none. */
public enum Style {
  COLOURED,
  PLAIN;

  public String good(String text) {
    return in("32", text);
  }

  public String bad(String text) {
    return in("31", text);
  }

  public String faint(String text) {
    return in("2", text);
  }

  private String in(String code, String text) {
    return this == PLAIN || text.isEmpty() ? text : "\033[" + code + "m" + text + "\033[0m";
  }
}
