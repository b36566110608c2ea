package dev.lanyard.http;

import dev.lanyard.context.Context;
import java.io.IOException;
import java.net.http.HttpResponse;

/** A request that is ready to be sent, within whichever context. */
@FunctionalInterface
interface Sending<T> {
  HttpResponse<T> send(Context context) throws IOException, InterruptedException;
}
