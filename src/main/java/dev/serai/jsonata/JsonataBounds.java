package dev.serai.jsonata;

/**
 * What an evaluation may take, at most. Immutable.
 *
 * @param depth of expressions within expressions, function calls among them
 * @param steps how many expressions are evaluated; an expression that the library evaluates in one go, such as a call of one
 *     of its functions, is one
 * @param millis by the clock; {@link Long#MAX_VALUE} for evaluations that must come out alike whatever the load is, and
 *     whenever they are made again
 * @param items of a list
 * @param weight of any value that is made: an item, a field, and a character are 1 each
 * @param made weight of all texts that are made, together
 */
public record JsonataBounds(int depth, long steps, long millis, int items, long weight, long made) {}
