package dev.lanyard.gateway;

/** Where a request goes. */
record Route(String path) {}
