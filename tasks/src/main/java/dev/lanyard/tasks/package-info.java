/**
 * A concurrent task processor: at most so many tasks at once, the most urgent first, each with a
 * deadline, retries and a context that reaches everything it does.
 *
 * <p>The road of a task through this package: a {@link dev.lanyard.tasks.Task} says what to do and
 * is submitted to a {@link dev.lanyard.tasks.TaskProcessor}, which gives back a {@link
 * dev.lanyard.tasks.TaskRef}; there it is a {@code Job} in the {@code TaskQueue} until a worker is
 * free; its {@link dev.lanyard.tasks.TaskKind} names the {@link dev.lanyard.tasks.TaskHandler} that
 * does the work in one {@link dev.lanyard.tasks.Attempt} or, with {@link dev.lanyard.tasks.Retry},
 * in several; it ends with an {@link dev.lanyard.tasks.Outcome}. On the way it goes through {@link
 * dev.lanyard.tasks.State}s, and each step is told as a {@link dev.lanyard.tasks.TaskEvent}. Three
 * kinds are built in: {@link dev.lanyard.tasks.Sleep}, {@link dev.lanyard.tasks.Exec} and {@link
 * dev.lanyard.tasks.Http}.
 *
 * <p>Unless a method says otherwise, {@code null} arguments are refused with a {@link
 * java.lang.NullPointerException} that names what is missing, and every method may be called from
 * any thread.
 */
@NullMarked
package dev.lanyard.tasks;

import org.jspecify.annotations.NullMarked;
