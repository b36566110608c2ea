/** One small program per feature; each says at its end what it prints, and the build compares. */
@NullMarked
package dev.lanyard.examples;

import org.jspecify.annotations.NullMarked;
