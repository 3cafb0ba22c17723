package dev.weir.net.http;

/** Whoever asked on this stream does not wait any more. */
public record StreamGone(Object stream) {}
