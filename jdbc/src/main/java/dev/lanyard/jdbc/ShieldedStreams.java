package dev.lanyard.jdbc;

import dev.lanyard.context.Context;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.FilterReader;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.io.Writer;
import org.jspecify.annotations.Nullable;

/** The streams of a driver, shielded from interrupts. */
final class ShieldedStreams {
  private ShieldedStreams() {}

  private static void run(Action action) throws IOException {
    Context.<@Nullable Void, IOException>shielded(() -> {
      action.run();
      return null;
    });
  }

  private interface Action {
    void run() throws IOException;
  }

  static final class Input extends FilterInputStream {
    Input(InputStream driver) {
      super(driver);
    }

    @Override
    public int read() throws IOException {
      return Context.<Integer, IOException>shielded(() -> in.read());
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      return Context.<Integer, IOException>shielded(() -> in.read(bytes, from, length));
    }

    @Override
    public long skip(long count) throws IOException {
      return Context.<Long, IOException>shielded(() -> in.skip(count));
    }

    @Override
    public int available() throws IOException {
      return Context.<Integer, IOException>shielded(in::available);
    }

    @Override
    public void close() throws IOException {
      run(in::close);
    }
  }

  static final class Characters extends FilterReader {
    Characters(Reader driver) {
      super(driver);
    }

    @Override
    public int read() throws IOException {
      return Context.<Integer, IOException>shielded(() -> in.read());
    }

    @Override
    public int read(char[] characters, int from, int length) throws IOException {
      return Context.<Integer, IOException>shielded(() -> in.read(characters, from, length));
    }

    @Override
    public long skip(long count) throws IOException {
      return Context.<Long, IOException>shielded(() -> in.skip(count));
    }

    @Override
    public boolean ready() throws IOException {
      return Context.<Boolean, IOException>shielded(in::ready);
    }

    @Override
    public void close() throws IOException {
      run(in::close);
    }
  }

  static final class Output extends FilterOutputStream {
    Output(OutputStream driver) {
      super(driver);
    }

    @Override
    public void write(int value) throws IOException {
      run(() -> out.write(value));
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      run(() -> out.write(bytes, from, length));
    }

    @Override
    public void flush() throws IOException {
      run(out::flush);
    }

    @Override
    public void close() throws IOException {
      run(out::close);
    }
  }

  static final class Text extends FilterWriter {
    Text(Writer driver) {
      super(driver);
    }

    @Override
    public void write(int character) throws IOException {
      run(() -> out.write(character));
    }

    @Override
    public void write(char[] characters, int from, int length) throws IOException {
      run(() -> out.write(characters, from, length));
    }

    @Override
    public void write(String text, int from, int length) throws IOException {
      run(() -> out.write(text, from, length));
    }

    @Override
    public void flush() throws IOException {
      run(out::flush);
    }

    @Override
    public void close() throws IOException {
      run(out::close);
    }
  }
}
