package dev.serai.settings;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The types of settings that are plain text, numbers, switches, choices and lists of those. */
final class SettingTypes {
    private static final Pattern DECIMAL = Pattern.compile("-?\\d{1,9}(\\.\\d{1,9})?");
    private static final int LONGEST_TEXT = 255;
    private static final String NONE = "none";

    private SettingTypes() {}

    static SettingType<String> text() {
        return SettingType.of("text", "up to " + LONGEST_TEXT + " characters", text -> {
            if (text.length() > LONGEST_TEXT) {
                throw new BadValueException("must be at most " + LONGEST_TEXT + " characters long");
            }
            return text;
        });
    }

    /** A text without blanks, as names of headers and fields are. */
    static SettingType<String> word() {
        return SettingType.of("word", "", text -> {
            if (text.length() > LONGEST_TEXT || text.chars().anyMatch(c -> c <= ' ')) {
                throw new BadValueException(
                        "must be a name without blanks, at most " + LONGEST_TEXT + " characters long");
            }
            return text;
        });
    }

    /** A word, or the word {@code none} in place of one, since an empty text is "not set". */
    static SettingType<Optional<String>> wordOrNone() {
        SettingType.Parser<Optional<String>> read = text -> NONE.equals(text)
                ? Optional.empty()
                : Optional.of(word().parser().parse(text));
        return SettingType.of("word", "or `" + NONE + "`", read)
                .writtenAs(word -> word.orElse(NONE))
                .inPlaceholders(word -> word.orElse(""));
    }

    static SettingType<Integer> wholeNumber(int least, int most) {
        return SettingType.of("whole number", least + " to " + most, text -> {
            long number = parseWholeNumber(text);
            if (number < least || number > most) {
                throw new BadValueException("must be from " + least + " to " + most);
            }
            return (int) number;
        });
    }

    private static long parseWholeNumber(String text) throws BadValueException {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new BadValueException("must be a whole number");
        }
    }

    /** With or without a fraction. */
    static SettingType<Double> decimalNumber(int least, int most) {
        return SettingType.of("decimal number", least + " to " + most, text -> {
                    if (!DECIMAL.matcher(text).matches()) {
                        throw new BadValueException("must be a number such as 20 or 0.5");
                    }
                    double number = Double.parseDouble(text);
                    if (number < least || number > most) {
                        throw new BadValueException("must be from " + least + " to " + most);
                    }
                    return number + 0.0; // not -0
                })
                .writtenAs(number ->
                        BigDecimal.valueOf(number).stripTrailingZeros().toPlainString());
    }

    /** One of an enum's constants, of which there are two or more, in lower case and with dashes. */
    @SuppressWarnings("rawtypes") // read by reflection: of which enum it is, nobody can say
    static SettingType<Enum> oneOf(Class<? extends Enum> choices) {
        Map<String, Enum> byName = new LinkedHashMap<>();
        for (Enum choice : choices.getEnumConstants()) {
            byName.put(nameOf(choice), choice);
        }
        String bounds =
                oneOf(byName.keySet().stream().map(name -> "`" + name + "`").toList());
        return SettingType.of("word", bounds, text -> {
                    Enum choice = byName.get(text.toLowerCase(Locale.ROOT));
                    if (choice == null) {
                        throw new BadValueException("must be " + oneOf(List.copyOf(byName.keySet())));
                    }
                    return choice;
                })
                .writtenAs(SettingTypes::nameOf);
    }

    /** An enum's constant as it is written in settings. */
    static String nameOf(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Those of all constants; none if the class is no enum. */
    static Set<String> namesOf(Class<?> choices) {
        return choices.isEnum()
                ? Arrays.stream(choices.asSubclass(Enum.class).getEnumConstants())
                        .map(SettingTypes::nameOf)
                        .collect(Collectors.toSet())
                : Set.of();
    }

    /** A Java name of several words, as it is written in settings. */
    static String dashed(String javaName) {
        return javaName.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    }

    /** In a sentence: {@code a, b or c}. */
    private static String oneOf(List<String> names) {
        return String.join(", ", names.subList(0, names.size() - 1)) + " or " + names.getLast();
    }

    static SettingType<Boolean> trueOrFalse() {
        return SettingType.of("switch", "`true` or `false`", text -> switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new BadValueException("must be true or false");
        });
    }

    /** Different items joined by commas; the word {@code none} is the empty list, since an empty text is "not set". */
    static <T> SettingType<List<T>> listOf(SettingType<T> item) {
        Function<List<T>, String> write = items ->
                items.isEmpty() ? NONE : items.stream().map(item.text()).collect(Collectors.joining(","));
        SettingType.Parser<List<T>> read = text -> NONE.equals(text) ? List.of() : items(text, item);
        return SettingType.of("list", listBounds(item), read)
                .writtenAs(write)
                .inPlaceholders(items -> items.isEmpty() ? "" : write.apply(items));
    }

    private static <T> String listBounds(SettingType<T> item) {
        return item.name() + "s joined by commas, or `" + NONE + "`";
    }

    private static <T> List<T> items(String text, SettingType<T> type) throws BadValueException {
        Set<T> items = new LinkedHashSet<>();
        for (String item : text.split(",", -1)) {
            if (!item.isBlank()) {
                items.add(itemOf(item.strip(), type));
            }
        }
        return List.copyOf(items);
    }

    private static <T> T itemOf(String item, SettingType<T> type) throws BadValueException {
        try {
            return type.parser().parse(item);
        } catch (BadValueException e) {
            throw new BadValueException("has an item that " + e.getMessage());
        }
    }
}
