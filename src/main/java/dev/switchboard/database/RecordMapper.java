package dev.switchboard.database;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.message.Json;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes a record of each row: a component takes the next column, and one that is a record itself takes the next few. */
final class RecordMapper<T> implements Sql.Mapper<T> {

    private static final ClassValue<RecordMapper<?>> MAPPERS = new ClassValue<>() {
        @Override
        protected RecordMapper<?> computeValue(Class<?> type) {
            return new RecordMapper<>(type);
        }
    };
    private static final Map<Class<?>, Sql.Mapper<?>> COLUMNS = Map.of(
            String.class, Row::textOrNull,
            long.class, Row::number,
            Long.class, Row::numberOrNull,
            int.class, Row::count,
            Integer.class, Row::countOrNull,
            boolean.class, Row::flag,
            Double.class, Row::decimalOrNull,
            ObjectNode.class, row -> Json.parse(row.text()),
            List.class, row -> words(row.text()));

    private final Constructor<T> constructor;
    private final List<Sql.Mapper<?>> components;

    private RecordMapper(Class<T> type) {
        Class<?>[] types = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        components =
                Arrays.stream(types).<Sql.Mapper<?>>map(RecordMapper::component).toList();
        try {
            constructor = type.getDeclaredConstructor(types);
        } catch (NoSuchMethodException e) {
            throw new IllegalArgumentException(e);
        }
        constructor.setAccessible(true); // of a class that only its package knows
    }

    @SuppressWarnings("unchecked") // each class has its own
    static <T extends Record> RecordMapper<T> of(Class<T> type) {
        return (RecordMapper<T>) MAPPERS.get(type);
    }

    private static Sql.Mapper<?> component(Class<?> type) {
        if (type.isRecord()) {
            return MAPPERS.get(type);
        }
        if (type.isEnum()) {
            return row -> constant(type.getEnumConstants(), row.textOrNull());
        }
        return Objects.requireNonNull(COLUMNS.get(type), () -> "no column is read as " + type);
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(" "));
    }

    private static @Nullable Object constant(Object[] constants, @Nullable String name) {
        return name == null
                ? null
                : Arrays.stream(constants)
                        .filter(each -> each.toString().equals(name))
                        .findFirst()
                        .orElseThrow();
    }

    @Override
    public T map(Row row) throws SQLException {
        @Nullable Object[] values = new Object[components.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = components.get(i).map(row);
        }
        try {
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
