/** SQL under a context: what it costs, and how soon a statement is gone whose caller is. */
@NullMarked
package dev.lanyard.benchmarks.jdbc;

import org.jspecify.annotations.NullMarked;
