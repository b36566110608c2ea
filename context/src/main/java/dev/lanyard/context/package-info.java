/**
 * Go's {@code context} for Java: one {@link dev.lanyard.context.Context} carries a deadline, a
 * cancellation signal and request-scoped values through everything that a request does, and stops
 * all of it when nobody waits for the answer any more.
 *
 * <p>The rules of use are Go's. Pass a context as the first parameter of what may wait or may be
 * given up; do not keep it in a field of something that outlives the request. Derive, never mutate.
 * Close what you derive, best with try-with-resources. Values are for data that belongs to a
 * request and crosses layers, not for optional parameters.
 *
 * <p>The road through this package: a {@link dev.lanyard.context.Context} is derived from another;
 * {@code Scope} is the cancel tree, one file with its proof; {@code TimedScope} adds a deadline and
 * {@code LinkedScope} a second parent; {@code Valued} adds a value; {@code Listener}s are what a
 * scope tells of its end; {@code InterruptRegion} turns the end into an interrupt and back; {@link
 * dev.lanyard.context.Group} forks work that ends together; {@link dev.lanyard.context.Signals}
 * ends a context when the operating system asks.
 *
 * <p>Unless a method says otherwise, {@code null} arguments are refused with a {@link
 * java.lang.NullPointerException} that names what is missing, and every method may be called from
 * any thread.
 */
@NullMarked
package dev.lanyard.context;

import org.jspecify.annotations.NullMarked;
