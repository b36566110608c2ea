/**
 * Requests that end with their caller: a client over java.net.http, and the headers that carry
 * deadline, trace and request id.
 */
@NullMarked
package dev.lanyard.http;

import org.jspecify.annotations.NullMarked;
