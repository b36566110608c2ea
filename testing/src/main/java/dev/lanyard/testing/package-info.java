/**
 * For tests of code that takes a {@link dev.lanyard.context.Context}: {@link
 * dev.lanyard.testing.ManualTime} is a clock that moves when the test says so, {@link
 * dev.lanyard.testing.ContextExtension} gives each test a context that ends with it, and {@link
 * dev.lanyard.testing.Eventually} waits for what nobody announces.
 *
 * <p>Unless a method says otherwise, {@code null} arguments are refused with a {@link
 * java.lang.NullPointerException} that names what is missing.
 */
@NullMarked
package dev.lanyard.testing;

import org.jspecify.annotations.NullMarked;
