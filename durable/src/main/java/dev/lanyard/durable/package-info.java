/**
 * Tasks in a database: an acknowledged task is never lost, never finishes twice, and can be
 * cancelled or given more time from any machine while it runs on another.
 *
 * <p>The road of a task through this package: a {@link dev.lanyard.durable.Submission} is accepted
 * by the {@link dev.lanyard.durable.TaskStore} of a {@link dev.lanyard.durable.Database}, in one
 * transaction of the {@code Journal}; a {@link dev.lanyard.durable.DurableProcessor} on any machine
 * claims it ({@code Claims}), runs its handler ({@code Runner}) and writes how it ended; what
 * happens to it on the way is a list of {@link dev.lanyard.durable.StoredEvent}s, written in the
 * transactions that make it happen.
 *
 * <p>Unless a method says otherwise, {@code null} arguments are refused with a {@link
 * java.lang.NullPointerException} that names what is missing, every method may be called from any
 * thread, and methods that ask the database block and throw {@link
 * dev.lanyard.durable.StoreException} when it cannot be reached.
 */
@NullMarked
package dev.lanyard.durable;

import org.jspecify.annotations.NullMarked;
