package dev.lanyard.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The end of a context is an exception as any other: for logs, for debuggers, on the wire. */
class ContextExceptionTest {
  enum End {
    CANCELLED,
    TIMED_OUT;

    ContextException of(@Nullable Throwable cause) {
      return Objects.requireNonNull(ended(cause).err());
    }

    /** As {@code throwIfDone()} throws it. */
    ContextException thrown(@Nullable Throwable cause) {
      CancellableContext context = ended(cause);
      return catchThrowableOfType(ContextException.class, context::throwIfDone);
    }

    private CancellableContext ended(@Nullable Throwable cause) {
      var clock = new HandClock();
      CancellableContext parent = Context.root(clock).withCancel();
      CancellableContext context =
          this == CANCELLED ? parent.withCancel() : parent.withTimeout(Duration.ofHours(1), cause);
      // Somebody who needs the moment of the end.
      context.withTimeout(Duration.ofHours(2)).onDone(() -> {});
      if (this == CANCELLED) context.cancel(cause);
      else clock.advance(Duration.ofHours(1));
      return context;
    }

    Stream<ContextException> both(@Nullable Throwable cause) {
      return Stream.of(of(cause), thrown(cause));
    }
  }

  private static ContextException throughTheWire(ContextException end)
      throws IOException, ClassNotFoundException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new ObjectOutputStream(bytes)) {
      out.writeObject(end);
    }
    try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return (ContextException) in.readObject();
    }
  }

  private static String printed(Throwable end) {
    var text = new StringWriter();
    end.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("the cause is the one that was given")
  void cause(End end) {
    var cause = new IOException("the disk is full");
    assertThat(end.both(cause)).allMatch(each -> each.getCause() == cause);
    assertThat(end.both(null)).allMatch(each -> each.getCause() == null);
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("nobody can give it another cause")
  void causeIsSettled(End end) {
    var cause = new IOException("the disk is full");
    end.both(cause).forEach(each -> refusesCause(each, cause));
    end.both(null).forEach(each -> refusesCause(each, null));
  }

  private static void refusesCause(ContextException end, @Nullable Throwable cause) {
    assertThatIllegalStateException()
        .isThrownBy(() -> end.initCause(new Exception("another")))
        .withCause(end);
    assertThatIllegalStateException().isThrownBy(() -> end.initCause(null));
    assertThat(end.getCause()).isSameAs(cause);
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("a printed stack trace shows the cause, and the cause of that")
  void printedCause(End end) {
    var cause = new IllegalStateException("cannot write", new IOException("the disk is full"));
    assertThat(end.both(cause).map(ContextExceptionTest::printed))
        .allSatisfy(text ->
            assertThat(text)
                .contains("Caused by: java.lang.IllegalStateException: cannot write")
                .contains("Caused by: java.io.IOException: the disk is full")
                .contains("printedCause"));
    assertThat(end.both(null).map(ContextExceptionTest::printed))
        .noneMatch(text -> text.contains("Caused by"));
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("a cause that leads back to the end itself is printed once")
  void circularCause(End end) {
    var cause = new IllegalStateException("cannot write");
    ContextException circular = end.of(cause);
    cause.initCause(circular);
    assertThat(printed(circular)).contains("CIRCULAR REFERENCE");
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("kind, message, cause and stack survive serialization")
  void serialization(End end) throws IOException, ClassNotFoundException {
    for (ContextException sent : end.both(new IOException("the disk is full")).toList()) {
      ContextException received = throughTheWire(sent);
      assertThat(received).isExactlyInstanceOf(sent.getClass()).hasMessage(sent.getMessage());
      assertThat(received.getCause())
          .isExactlyInstanceOf(IOException.class)
          .hasMessage("the disk is full");
      assertThat(received.getStackTrace()).isEqualTo(sent.getStackTrace());
      assertThat(received.isTimeout()).isEqualTo(end == End.TIMED_OUT);
      refusesCause(received, received.getCause());
    }
    for (ContextException sent : end.both(null).toList()) {
      assertThat(throughTheWire(sent)).hasNoCause();
    }
  }

  @Test
  @DisplayName("an end that came over the wire can end a context, and be thrown again")
  void receivedEnd() throws IOException, ClassNotFoundException {
    var received = throughTheWire(End.CANCELLED.thrown(new IOException("the disk is full")));
    CancellableContext context = Context.background().withCancel();
    context.cancel(received);
    assertThat(context.cause()).isSameAs(received);
    assertThat(received.toThrow()).hasCause(received.getCause());
    assertThat(received.isAfter(Deadline.after(Duration.ofHours(-1)))).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("only what is thrown has a stack: that of who gave up")
  void stacks(End end) {
    assertThat(end.of(null).getStackTrace()).isEmpty();
    assertThat(end.thrown(null).getStackTrace())
        .anyMatch(frame -> frame.getMethodName().equals("stacks"));
  }
}
