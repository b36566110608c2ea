/**
 * Durable tasks: how many a second, beside others on the same databases, and what waiting ones
 * cost.
 */
@NullMarked
package dev.lanyard.benchmarks.tasks;

import org.jspecify.annotations.NullMarked;
