package dev.serai.trial.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Compares JSON with what is expected of it: objects may hold more than that, everything else must be equal. */
final class JsonExpectation {
    private JsonExpectation() {}

    /** One line for each difference, with its JSON pointer; empty if all is as expected. */
    static List<String> differences(JsonNode expected, JsonNode actual) {
        List<String> differences = new ArrayList<>();
        compare("", expected, actual, differences);
        return differences;
    }

    private static void compare(String pointer, JsonNode expected, JsonNode actual, List<String> differences) {
        if (expected.isObject() && actual.isObject()) {
            expected.properties()
                    .forEach(field -> compare(
                            pointer + "/" + field.getKey(),
                            field.getValue(),
                            actual.path(field.getKey()),
                            differences));
        } else if (!areEqual(expected, actual)) {
            differences.add((pointer.isEmpty() ? "/" : pointer) + " should be " + expected + ", was "
                    + (actual.isMissingNode() ? "absent" : actual));
        }
    }

    /** Numbers are equal however they are written. */
    private static boolean areEqual(JsonNode expected, JsonNode actual) {
        if (expected.isNumber() && actual.isNumber()) {
            return expected.decimalValue().compareTo(actual.decimalValue()) == 0;
        }
        return expected.equals(actual);
    }
}
