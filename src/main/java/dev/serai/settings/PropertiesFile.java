package dev.serai.settings;

import dev.serai.wire.Characters;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;

/** Reads a properties file in UTF-8; what is wrong with the file itself becomes a problem. */
final class PropertiesFile {

    private PropertiesFile() {}

    /** The file's properties in their order; none when it does not exist. */
    static Map<String, String> read(Path file, List<String> problems) {
        var properties = new OrderedProperties();
        if (!Files.exists(file)) {
            return properties.byKey;
        }
        try {
            properties.load(new StringReader(Characters.withoutMark(Files.readString(file))));
        } catch (CharacterCodingException e) {
            problems.add(file + " must be UTF-8: save it in that encoding");
        } catch (IOException e) {
            problems.add(file + " must be a file that can be read: check its permissions");
        } catch (IllegalArgumentException e) {
            problems.add(file + " has a \\u that four hexadecimal digits do not follow: write \\\\ for a backslash");
        }
        for (String key : properties.repeated) {
            problems.add(key + " is set twice in " + file + ", to different values: remove one of the lines");
        }
        return properties.byKey;
    }

    private static final class OrderedProperties extends Properties {
        private static final long serialVersionUID = 1;

        private final transient Map<String, String> byKey = new LinkedHashMap<>();
        private final transient List<String> repeated = new ArrayList<>();

        @Override
        public synchronized Object put(Object key, Object value) {
            String earlier = byKey.put((String) key, (String) value);
            if (earlier != null && !Objects.equals(earlier, value) && !repeated.contains(key)) {
                repeated.add((String) key);
            }
            return value;
        }
    }
}
