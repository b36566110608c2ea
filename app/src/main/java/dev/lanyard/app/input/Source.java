package dev.lanyard.app.input;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

/** The text of a task file, and the format in which to read it. */
public record Source(String name, String text, Format format) {
  enum Format {
    YAML,
    JSON,
    /** The name does not tell. */
    EITHER
  }

  /** A name for standard input. */
  static final String STANDARD_INPUT = "-";

  static final int MAX_BYTES = 64 << 20;

  /** The text cannot be had. The message is for the user. */
  public static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1;

    public Unreadable(String message) {
      super(message);
    }
  }

  /**
   * Reads a file, or standard input for {@link #STANDARD_INPUT}.
   *
   * @throws Unreadable when there is no such text
   */
  public static Source read(String name) throws Unreadable {
    boolean standardInput = name.equals(STANDARD_INPUT);
    String shown = standardInput ? "<stdin>" : name;
    byte[] bytes;
    try (InputStream in = standardInput ? System.in : Files.newInputStream(Path.of(name))) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    } catch (NoSuchFileException _) {
      throw unreadable(shown, "no such file");
    } catch (AccessDeniedException _) {
      throw unreadable(shown, "permission denied");
    } catch (IOException e) {
      throw unreadable(shown, Files.isDirectory(Path.of(name)) ? "is a directory" : Reason.of(e));
    } catch (IllegalArgumentException e) {
      throw unreadable(shown, Reason.of(e));
    }
    if (bytes.length > MAX_BYTES) {
      throw unreadable(shown, "is larger than the limit of " + (MAX_BYTES >> 20) + " MiB");
    }
    String text = decode(shown, bytes);
    return new Source(shown, text, format(name));
  }

  /**
   * JSON that came over the network.
   *
   * @throws Unreadable when the bytes are no text
   */
  public static Source json(String name, byte[] bytes) throws Unreadable {
    return new Source(name, decode(name, bytes), Format.JSON);
  }

  private static String decode(String name, byte[] bytes) throws Unreadable {
    boolean marked =
        bytes.length >= 3
            && bytes[0] == (byte) 0xef
            && bytes[1] == (byte) 0xbb
            && bytes[2] == (byte) 0xbf;
    ByteBuffer in = ByteBuffer.wrap(bytes, marked ? 3 : 0, bytes.length - (marked ? 3 : 0));
    CharBuffer out = CharBuffer.allocate(in.remaining());
    CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(in, out, true);
    out.flip();
    if (!result.isUnderflow()) {
      long line = 1 + out.chars().filter(c -> c == '\n').count();
      throw unreadable(
          name, line, String.format("expected UTF-8 text, found the byte 0x%02x", in.get()));
    }
    return out.toString();
  }

  private static Format format(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.endsWith(".json")) return Format.JSON;
    return lower.endsWith(".yaml") || lower.endsWith(".yml") ? Format.YAML : Format.EITHER;
  }

  private static Unreadable unreadable(String name, String message) {
    return new Unreadable(Visible.of(name) + ": " + Visible.of(message));
  }

  private static Unreadable unreadable(String name, long line, String message) {
    return new Unreadable(Visible.of(name) + ":" + line + ":1: " + Visible.of(message));
  }
}
