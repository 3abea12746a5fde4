package dev.serai.settings;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What one component of a record is made of; see {@link RecordBinder}. */
sealed interface Part {
    /** Those of families are not among them. */
    default List<Setting<?>> settings() {
        return List.of();
    }

    /**
     * The component's value.
     *
     * @param member what all keys begin with; empty outside of families
     */
    @Nullable
    Object value(String member, ResolvedSettings values);

    record One(Setting<?> setting, Class<?> javaType) implements Part {
        @Override
        public List<Setting<?>> settings() {
            return List.of(setting);
        }

        @Override
        public @Nullable Object value(String member, ResolvedSettings values) {
            if (setting.mayBeInAFile() && values.value(member + setting.fileKey()) instanceof HeldSecret held) {
                return held.secret();
            }
            Object value = values.value(member + setting.key());
            if (value instanceof Optional<?> word) {
                return word.orElse(null);
            }
            return value instanceof List<?> items && javaType == Set.class ? Set.copyOf(items) : value;
        }
    }

    record Nested(RecordBinder<?> record) implements Part {
        @Override
        public List<Setting<?>> settings() {
            return record.settings().toList();
        }

        @Override
        public Object value(String member, ResolvedSettings values) {
            return record.bind(member, values);
        }
    }

    record Choice(Setting<?> type, Map<String, RecordBinder<?>> byType) implements Part {
        @Override
        public List<Setting<?>> settings() {
            return byType.values().stream()
                    .<Setting<?>>flatMap(RecordBinder::settings)
                    .toList();
        }

        @Override
        public Object value(String member, ResolvedSettings values) {
            return requireNonNull(byType.get(values.get(member + type.key()).text()))
                    .bind(member, values);
        }
    }

    record Members(SettingFamily family, RecordBinder<?> record) implements Part {
        @Override
        public Object value(String member, ResolvedSettings values) {
            Map<String, Object> members = new TreeMap<>();
            values.members(family).forEach(name -> members.put(name, record.bind(family.prefix(name), values)));
            return members;
        }
    }
}
