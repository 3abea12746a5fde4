package dev.serai.settings;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads from a record class which settings it declares, and makes the record of their values. A component is one of these:
 *
 * <ul>
 *   <li>a setting, with {@link Key};
 *   <li>a record of settings: a group within the group, or {@link Key.Flat};
 *   <li>a sealed interface of such records: the one that the setting {@code type} before it names, with all their keys in the
 *       group around it;
 *   <li>a map of names to records of settings: a {@link SettingFamily}.
 * </ul>
 *
 * <p>Immutable, safe for use by several threads.
 */
final class RecordBinder<R extends Record> {
    /** Settings that are explained together. */
    record Section(String title, List<Setting<?>> settings) {}

    private static final String TYPE = "type";

    private final Class<R> record;
    private final String group;
    private final String ofType;
    private final Map<String, Part.One> known;
    private final Constructor<R> constructor;
    private final List<Part> parts = new ArrayList<>();
    private final List<Section> sections = new ArrayList<>();
    private final List<SettingFamily> families = new ArrayList<>();

    /**
     * Reads all that a record holds.
     *
     * @param group what its keys begin with, ending with a dot
     * @throws IllegalArgumentException if a component is no setting, or one that cannot be; naming it
     */
    static <R extends Record> RecordBinder<R> of(Class<R> root, String group) {
        var binder = new RecordBinder<>(root, group, "", new HashMap<>());
        binder.settings().filter(Setting::needed).forEach(setting -> {
            throw new IllegalArgumentException(
                    setting.key() + " must have a default or be @Nullable: nobody can be made to set it");
        });
        return binder;
    }

    private RecordBinder(Class<R> record, String group, String ofType, Map<String, Part.One> known) {
        this.record = record;
        this.group = group;
        this.ofType = ofType;
        this.known = known;
        for (RecordComponent component : record.getRecordComponents()) {
            Key.Section section = component.getAnnotation(Key.Section.class);
            if (section != null) {
                sections.add(new Section(section.value(), new ArrayList<>()));
            }
            Part part = part(component);
            parts.add(part);
            if (!sections.isEmpty()) {
                sections.getLast().settings().addAll(part.settings());
            }
        }
        constructor = constructor(record);
        settings().forEach(this::checkNames);
    }

    /** What a declaration says of others is of such as there are. */
    private void checkNames(Setting<?> setting) {
        Key key = setting.declared();
        boolean byType = key.orByType().length > 0;
        Stream.concat(Stream.of(key.needs()), Stream.of(key.atMost(), key.below(), byType ? TYPE : ""))
                .filter(name -> !name.isEmpty() && !known.containsKey(setting.besides(name)))
                .forEach(name -> {
                    throw new IllegalArgumentException(
                            setting.key() + " names " + name + ", which is not in its group");
                });
        Part.One type = known.get(setting.besides(TYPE));
        if (byType && type != null) {
            SettingTypes.namesOf(type.javaType()).stream()
                    .filter(name -> setting.defaultFor(name).isEmpty())
                    .forEach(name -> {
                        throw new IllegalArgumentException(setting.key() + " has no default for type " + name);
                    });
        }
    }

    private static <R extends Record> Constructor<R> constructor(Class<R> record) {
        try {
            Constructor<R> canonical = record.getDeclaredConstructor(Arrays.stream(record.getRecordComponents())
                    .map(RecordComponent::getType)
                    .toArray(Class<?>[]::new));
            canonical.setAccessible(true);
            return canonical;
        } catch (NoSuchMethodException e) {
            throw new IllegalArgumentException(record + " has no canonical constructor", e);
        }
    }

    /** In the order of the components. */
    Stream<Setting<?>> settings() {
        return parts.stream().flatMap(part -> part.settings().stream());
    }

    List<Section> sections() {
        return sections;
    }

    List<SettingFamily> families() {
        return families;
    }

    /**
     * Makes the record; the rules have been kept.
     *
     * @param member what all keys begin with; empty outside of families
     */
    R bind(String member, ResolvedSettings values) {
        try {
            return constructor.newInstance(
                    parts.stream().map(part -> part.value(member, values)).toArray());
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(record.getSimpleName() + " refuses its settings", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private Part part(RecordComponent component) {
        Class<?> type = component.getType();
        Key key = component.getAnnotation(Key.class);
        try {
            if (key != null) {
                return one(component, key);
            }
            if (type == Map.class) {
                return family(component);
            }
            if (type.isSealed()) {
                return choice(type);
            }
            if (type.isRecord()) {
                boolean flat = component.isAnnotationPresent(Key.Flat.class);
                String inner = flat ? group : group + SettingTypes.dashed(component.getName()) + ".";
                return new Part.Nested(binder(type, inner, ofType, known));
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    record.getSimpleName() + "." + component.getName() + " " + e.getMessage(), e);
        }
        throw new IllegalArgumentException(record.getSimpleName() + "." + component.getName()
                + " must have a @Key, or be a record, a sealed interface of records or a map of names to records");
    }

    private Part.One one(RecordComponent component, Key key) {
        String name = SettingTypes.dashed(component.getName());
        Part.One other = known.get(key.as());
        if (!key.as().isEmpty() && (other == null || other.javaType() != component.getType())) {
            throw new IllegalArgumentException(
                    "is as " + key.as() + ", which must come before it and have the same Java type");
        }
        SettingType<?> type = other == null
                ? Kind.typeOf(component.getGenericType(), key)
                : other.setting().type();
        boolean needed = (key.or() + key.as()).isEmpty()
                && key.orByType().length == 0
                && !component.getAnnotatedType().isAnnotationPresent(Nullable.class);
        boolean mayBeInAFile = Arrays.stream(record.getRecordComponents())
                .anyMatch(file ->
                        file.getType() == HeldSecret.class && file.getName().equals(component.getName() + "File"));
        Key.Text text = component.getAnnotation(Key.Text.class);
        if (text == null) {
            throw new IllegalArgumentException("must have a @Text");
        }
        var setting = new Setting<>(group, name, type, key, text.value(), needed, mayBeInAFile, ofType);
        Part.One one = new Part.One(setting, component.getType());
        if (known.put(setting.key(), one) != null) {
            throw new IllegalArgumentException("is a second setting " + setting.key());
        }
        return one;
    }

    private Part.Members family(RecordComponent component) {
        Type member = ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[1];
        RecordBinder<?> binder = binder((Class<?>) member, "", "", new HashMap<>(known));
        var family = new SettingFamily(
                group,
                component.getName(),
                component.getAnnotation(Key.Refused.class),
                binder.settings().toList());
        families.add(family);
        return new Part.Members(family, binder);
    }

    private Part.Choice choice(Class<?> sealed) {
        Part.One type = known.get(group + TYPE);
        Map<String, RecordBinder<?>> byType = new LinkedHashMap<>();
        for (Class<?> each : sealed.getPermittedSubclasses()) {
            String name = SettingTypes.dashed(each.getSimpleName());
            byType.put(name, binder(each, group, name, known));
        }
        if (type == null || !SettingTypes.namesOf(type.javaType()).equals(byType.keySet())) {
            throw new IllegalArgumentException(
                    "needs a setting \"type\" before it, an enum with the constants " + byType.keySet());
        }
        return new Part.Choice(type.setting(), byType);
    }

    private RecordBinder<?> binder(Class<?> type, String inGroup, String typeOfMembers, Map<String, Part.One> others) {
        RecordBinder<?> binder = new RecordBinder<>(type.asSubclass(Record.class), inGroup, typeOfMembers, others);
        if (!binder.families.isEmpty()) {
            throw new IllegalArgumentException("has a family, which only the root may have");
        }
        return binder;
    }
}
