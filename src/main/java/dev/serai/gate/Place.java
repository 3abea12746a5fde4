package dev.serai.gate;

/**
 * An event's place in the line before a gate: who has the lower number goes first. An event keeps its place when its
 * call came to nothing through no fault of its own.
 */
public record Place(long number) {}
