/** What the operations of Lanyard cost, beside the same operations in Go and in other libraries. */
@NullMarked
package dev.lanyard.benchmarks;

import org.jspecify.annotations.NullMarked;
