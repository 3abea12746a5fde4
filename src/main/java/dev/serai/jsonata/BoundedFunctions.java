package dev.serai.jsonata;

import static dev.serai.jsonata.BoundedFunction.counted;
import static dev.serai.jsonata.BoundedFunction.replaced;

import com.dashjoin.jsonata.Functions;
import com.dashjoin.jsonata.Utils;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The library's functions that would do in one step more than a step may, or something else than the language's documentation
 * says: those of texts are in {@link TextFunctions}, those that look for something in {@link PatternFunctions}. Stateless; they
 * belong to the thread's {@link Evaluation}.
 */
final class BoundedFunctions {
    static final Map<String, BoundedFunction> BY_NAME = Stream.of(
                    counted("trim", "<s-:s>"),
                    counted("substringBefore", "<s-s:s>"),
                    counted("base64encode", "<s-:s>"),
                    counted("base64decode", "<s-:s>"),
                    counted("encodeUrlComponent", "<s-:s>"),
                    counted("decodeUrlComponent", "<s-:s>"),
                    replaced("uppercase", "<s-:s>", TextFunctions::uppercase),
                    replaced("lowercase", "<s-:s>", TextFunctions::lowercase),
                    replaced("substring", "<s-nn?:s>", TextFunctions::substring),
                    replaced("substringAfter", "<s-s:s>", TextFunctions::substringAfter),
                    replaced("pad", "<s-ns?:s>", TextFunctions::pad),
                    replaced("join", "<a<s>s?:s>", TextFunctions::join),
                    replaced("match", "<s-f<s:o>n?:a<o>>", PatternFunctions::match),
                    replaced("contains", "<s-(sf):b>", PatternFunctions::contains),
                    replaced("replace", "<s-(sf)(sf)n?:s>", PatternFunctions::replace),
                    replaced("split", "<s-(sf)n?:a<s>>", PatternFunctions::split),
                    replaced("toMillis", "<s-s?:n>", "dateTimeToMillis", Millis::of),
                    replaced("string", "<x-b?:s>", BoundedFunctions::string),
                    replaced("clone", "<(oa)-:o>", "functionClone", BoundedFunctions::copy))
            .collect(Collectors.toUnmodifiableMap(BoundedFunction::name, Function.identity()));

    private BoundedFunctions() {}

    private static @Nullable Object string(Arguments arguments) {
        Object value = arguments.value(0);
        // The record, if it is a list.
        Object written = value instanceof Utils.JList<?> wrapper && wrapper.outerWrapper ? wrapper.getFirst() : value;
        Evaluation.current().requireLight(written);
        return Functions.string(JsonataValues.written(written), (Boolean) arguments.value(1));
    }

    private static @Nullable Object copy(Arguments arguments) {
        Object value = arguments.value(0);
        Evaluation.current().requireLight(value);
        return JsonataValues.of(Functions.functionClone(value));
    }
}
