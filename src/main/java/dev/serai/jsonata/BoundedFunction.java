package dev.serai.jsonata;

import com.dashjoin.jsonata.Functions;
import com.dashjoin.jsonata.Jsonata;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One of the library's functions as it is called within an {@link Evaluation}: what it makes is counted. It keeps the library's
 * name, by which a function is found that is given some of its arguments, as in {@code $join(?, ",")}. Stateless.
 */
final class BoundedFunction extends Jsonata.JFunction {
    private final String name;
    private final @Nullable Function<Arguments, @Nullable Object> body;

    private BoundedFunction(
            String name, String signature, String method, @Nullable Function<Arguments, @Nullable Object> body) {
        super(name, signature, Functions.class, null, method);
        this.name = name;
        this.body = body;
    }

    /** The library's own. */
    static BoundedFunction counted(String name, String signature) {
        return new BoundedFunction(name, signature, name, null);
    }

    /** Another one in its place. */
    static BoundedFunction replaced(String name, String signature, Function<Arguments, @Nullable Object> body) {
        return replaced(name, signature, name, body);
    }

    /** @param method that the library calls for it */
    static BoundedFunction replaced(
            String name, String signature, String method, Function<Arguments, @Nullable Object> body) {
        return new BoundedFunction(name, signature, method, body);
    }

    String name() {
        return name;
    }

    @Override
    @SuppressWarnings("rawtypes") // as the library has it
    public @Nullable Object call(@Nullable Object input, List arguments) {
        Object result = body == null ? super.call(input, arguments) : body.apply(new Arguments(arguments));
        return Evaluation.counted(result);
    }
}
