package dev.lanyard.app.terminal;

/** Which build this is. */
public final class ProgramVersion {
  private ProgramVersion() {}

  public static String text() {
    String version = ProgramVersion.class.getPackage().getImplementationVersion();
    return version == null ? "(development)" : version;
  }
}
