/**
 * The commands that speak to a server: {@code submit ls show watch cancel extend retry pause resume
 * nodes stats top}. A command reads its options, asks the {@link dev.lanyard.app.client.Api}, and
 * shows the answer as text or, with {@code --json}, as it came.
 */
@NullMarked
package dev.lanyard.app.client;

import org.jspecify.annotations.NullMarked;
