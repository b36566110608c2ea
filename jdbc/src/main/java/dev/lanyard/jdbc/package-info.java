/**
 * SQL that stops with a context.
 *
 * <p>{@link dev.lanyard.jdbc.ContextDataSource} wraps any {@link javax.sql.DataSource}. A call goes
 * through a wrapper ({@code ContextConnection}, {@code ContextStatement}, {@code ContextResultSet})
 * to {@code DriverCalls}, which refuses it, or watches it as a {@code DriverCall} that {@code
 * Cancel} ends in the database.
 */
@NullMarked
package dev.lanyard.jdbc;

import org.jspecify.annotations.NullMarked;
