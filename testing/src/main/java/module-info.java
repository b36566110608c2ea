/** A clock moved by hand, contexts in tests, and waiting with a bound. */
module dev.lanyard.testing {
  requires transitive dev.lanyard.context;
  requires static transitive org.junit.jupiter.api; // for the extension alone
  requires static com.google.errorprone.annotations;
  requires static transitive org.jspecify;

  exports dev.lanyard.testing;
}
