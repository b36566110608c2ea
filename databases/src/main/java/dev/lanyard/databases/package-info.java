/** Databases that the tests, the examples and the benchmarks of this build start for themselves. */
@NullMarked
package dev.lanyard.databases;

import org.jspecify.annotations.NullMarked;
