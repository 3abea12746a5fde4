package dev.serai.jsonata;

import com.dashjoin.jsonata.Jsonata;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One evaluation: what it has taken so far, and the first failure. The library's own bounds leave out whatever stands behind
 * the first element of a list or an object. For one thread.
 */
final class Evaluation {
    /** Looking at the clock takes longer than many a step. */
    private static final int STEPS_BETWEEN_LOOKS = 64;

    /** Going through so many takes about as long as a step. */
    private static final int ITEMS_OF_STEP = 8;

    /** All of a record's, together: some 100 ms. */
    private static final int MOST_LOOKS = 4_000_000;

    /** Functions are made once for all evaluations. */
    private static final ThreadLocal<Evaluation> OF_THREAD = new ThreadLocal<>();

    private final String text;
    private final JsonataBounds bounds;
    private final Weights weights = new Weights();
    private final long begun = System.nanoTime();
    private int depth;
    private long steps;
    private long made;
    private long looks;
    private @Nullable RuntimeException failure;

    Evaluation(String text, JsonataBounds bounds) {
        this.text = text;
        this.bounds = bounds;
    }

    /** What ended it, if that was not the library. */
    @Nullable
    RuntimeException failure() {
        return failure;
    }

    /** Whether it must come out alike whenever it is made again: then it must not ask the clock. */
    boolean isRepeatable() {
        return bounds.millis() == Long.MAX_VALUE;
    }

    /** Looks at each step of what is evaluated in this frame. */
    void watch(Jsonata.Frame frame) {
        frame.setEvaluateEntryCallback(callback(Jsonata.EntryCallback.class, arguments -> enter()));
        frame.setEvaluateExitCallback(callback(Jsonata.ExitCallback.class, arguments -> leave(arguments[3])));
    }

    /** The thread's; functions are called within one. */
    static Evaluation current() {
        return OF_THREAD.get();
    }

    /** Evaluates as the thread's evaluation. */
    <T extends @Nullable Object> T run(Supplier<T> evaluation) {
        Evaluation outer = OF_THREAD.get();
        OF_THREAD.set(this);
        try {
            return evaluation.get();
        } finally {
            if (outer == null) {
                OF_THREAD.remove();
            } else {
                OF_THREAD.set(outer);
            }
        }
    }

    /** No lambda: the type of what the library gives it is the library's own. */
    private static <T> T callback(Class<T> type, Consumer<Object[]> taker) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    taker.accept(arguments);
                    return null;
                }));
    }

    private void enter() {
        depth++;
        steps++;
        checkSteps();
        if (depth > bounds.depth()) {
            throw refuse("it goes deeper than " + bounds.depth()
                    + " expressions in one another: a function may call itself without end");
        }
        if (!isRepeatable()
                && steps % STEPS_BETWEEN_LOOKS == 0
                && System.nanoTime() - begun > TimeUnit.MILLISECONDS.toNanos(bounds.millis())) {
            throw refuse("it takes longer than " + bounds.millis() + " ms: it may have no end");
        }
    }

    private void checkSteps() {
        if (steps > bounds.steps()) {
            throw refuse("it takes more than " + bounds.steps() + " steps: it may have no end");
        }
    }

    private void leave(@Nullable Object result) {
        depth--;
        switch (result) {
            case String value -> countText(value);
            case List<?> list -> {
                requireLight(list);
                countItems(list.size());
            }
            case Map<?, ?> map -> {
                requireLight(map);
                countItems(map.size());
            }
            case null -> {}
            default -> {}
        }
    }

    /** Whatever takes the value may go through all of it in one step, and a list that is made anew is held. */
    private void countItems(int items) {
        steps += items / ITEMS_OF_STEP;
        checkSteps();
    }

    /** A regular expression looks at a character; some look exponentially often. */
    void look() {
        looks++;
        if (looks > MOST_LOOKS) {
            throw refuse("its regular expressions look at characters more than " + MOST_LOOKS
                    + " times: one may take exponentially long");
        }
    }

    private void countText(String value) {
        made += value.length();
        requireWeight(value.length());
        if (made > bounds.made()) {
            throw refuse("it makes texts of more than " + bounds.made() + " characters together");
        }
    }

    /** Fails what writes out as more than a value may. */
    void requireLight(@Nullable Object value) {
        if (value instanceof List<?> list) {
            requireItems(list.size());
        }
        requireWeight(weights.of(value));
    }

    /** Fails a list that has more items than one may. */
    void requireItems(int items) {
        if (items > bounds.items()) {
            throw refuse("it makes a list of more than " + bounds.items() + " items");
        }
    }

    /** Fails what has more characters than a value may. */
    void requireWeight(long weight) {
        if (weight > bounds.weight()) {
            throw refuse("it makes a value of more than " + bounds.weight() + " characters");
        }
    }

    /** @param why quotes no value */
    RuntimeException refuse(String why) {
        return fail(JsonataFailure.bound(text, why));
    }

    /** The first failure counts: others are wrapped on their way out, or taken for something else. */
    RuntimeException fail(RuntimeException reason) {
        if (failure == null) {
            failure = reason;
        }
        return reason;
    }

    /** The function as the library takes it; what it throws is the evaluation's failure. */
    static Jsonata.JFunction function(JsonataFunction function) {
        return new Jsonata.JFunction(
                (input, arguments) -> {
                    try {
                        return counted(function.body().call((List<?>) arguments));
                    } catch (RuntimeException e) {
                        throw current().fail(e);
                    }
                },
                function.signature());
    }

    /** What a function gives back: what it calls last is no step of its own, and a number is as the language has it. */
    static @Nullable Object counted(@Nullable Object result) {
        if (result instanceof String made) {
            current().countText(made);
        }
        return result instanceof Number number ? JsonataValues.of(number) : result;
    }
}
