/** Requests whose clients leave, and what a request costs, beside Go's {@code net/http}. */
@NullMarked
package dev.lanyard.benchmarks.http;

import org.jspecify.annotations.NullMarked;
