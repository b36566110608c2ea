/** Libraries that know nothing of contexts, over a data source that obeys them. */
@NullMarked
package dev.lanyard.examples.jdbc;

import org.jspecify.annotations.NullMarked;
