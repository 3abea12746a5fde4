package dev.serai.settings;

import com.google.i18n.phonenumbers.PhoneNumberUtil;
import java.util.Set;
import java.util.regex.Pattern;

/** Names as others want them: Kafka, the provider, routes, and countries. */
final class NameTypes {
    private static final Pattern TOPIC = Pattern.compile("[a-zA-Z0-9._-]{1,249}");
    private static final Pattern ROUTE = Pattern.compile("enrich(-[a-z0-9]+)+");
    private static final PhoneNumberUtil COUNTRIES = PhoneNumberUtil.getInstance();
    private static final int LONGEST_ROUTE = 100;

    /** What start events carry as fields of their own, and what would open more sessions than one. */
    private static final Set<String> NEVER_OPTIONS = Set.of(
            "character_id",
            "connection_type",
            "character_session_id",
            "dynamic_info",
            "scene_description",
            "speaker_id",
            "end_user_id",
            "end_user_metadata",
            "characters");

    private NameTypes() {}

    /** Kafka's rules for the names of topics. */
    static SettingType<String> topic() {
        return SettingType.of("topic", "1 to 249 of `a-zA-Z0-9._-`", text -> {
            if (!TOPIC.matcher(text).matches() || ".".equals(text) || "..".equals(text)) {
                throw new BadValueException("must be a topic name: 1 to 249 of a-z, A-Z, 0-9, '.', '_', '-'");
            }
            return text;
        });
    }

    /** A field of {@code connect_options} that start events do not carry themselves. */
    static SettingType<String> option() {
        return SettingType.of("name", "", text -> {
            String name = SettingTypes.word().parser().parse(text);
            if (NEVER_OPTIONS.contains(name)) {
                throw new BadValueException("must not be " + name
                        + ": start events carry it themselves, or their reply is for one character");
            }
            return name;
        });
    }

    /** A country, as phone numbers without a prefix are of one. */
    static SettingType<String> country() {
        return SettingType.of("word", "two capital letters, such as `DE`", text -> {
            if (!COUNTRIES.getSupportedRegions().contains(text)) {
                throw new BadValueException("must be a country's two capital letters, such as DE"
                        + ("UK".equals(text) ? ", and United Kingdom is GB" : ""));
            }
            return text;
        });
    }

    /** The id of a route of the user's own. */
    static SettingType<String> routeId() {
        return SettingType.of("word", "`enrich-` and words of `a-z0-9` joined by `-`", text -> {
            if (text.length() > LONGEST_ROUTE || !ROUTE.matcher(text).matches()) {
                throw new BadValueException("must be enrich- and words of a-z and 0-9 joined by '-', at most "
                        + LONGEST_ROUTE + " characters");
            }
            return text;
        });
    }
}
