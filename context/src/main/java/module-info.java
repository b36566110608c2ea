/** Deadlines, cancellation and request values in one object; depends on the JDK alone. */
module dev.lanyard.context {
  requires static com.google.errorprone.annotations;
  requires static transitive org.jspecify;
  requires static jdk.unsupported; // sun.misc.Signal, where it is there; else a shutdown hook

  exports dev.lanyard.context;
}
