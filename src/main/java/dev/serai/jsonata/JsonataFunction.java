package dev.serai.jsonata;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A function for expressions. Thread-safe, if the expression is evaluated by several threads.
 *
 * @param signature in JSONata's notation, such as {@code <s:s>}; a call with other arguments fails
 */
public record JsonataFunction(String signature, Body body) {
    /** What it does. */
    @FunctionalInterface
    public interface Body {
        /**
         * Calls it.
         *
         * @param arguments as many as the signature names; null, or what {@link JsonataExpression#isAbsent} says, where there
         *     is nothing
         * @return null for nothing; of numbers and lists, what {@link JsonataValues#of} makes of them
         */
        @Nullable
        Object call(List<?> arguments);
    }
}
