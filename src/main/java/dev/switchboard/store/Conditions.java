package dev.switchboard.store;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** Conditions of a query, and the values that stand in them by name. */
final class Conditions {

    private final List<String> conditions = new ArrayList<>();
    private final Map<String, Object> values = new LinkedHashMap<>();

    Conditions() {}

    Conditions(Conditions others) {
        conditions.addAll(others.conditions);
        values.putAll(others.values);
    }

    Conditions and(String condition) {
        conditions.add(condition);
        return this;
    }

    Conditions value(String name, Object value) {
        values.put(name, value);
        return this;
    }

    /** Asks that a column that is named by the program has a value, if there is one. */
    Conditions is(String column, @Nullable String value) {
        return value == null ? this : and(column + " = :" + column).value(column, value);
    }

    /** Asks that a column that is named by the program has one of some values. */
    Conditions in(String column, List<String> wanted) {
        var names = new ArrayList<String>();
        for (String each : wanted) {
            String name = column + names.size();
            value(name, each);
            names.add(":" + name);
        }
        return and(wanted.isEmpty() ? "1 = 0" : column + " in (" + String.join(", ", names) + ")");
    }

    /** Asks that a message has a label. */
    Conditions label(String name, String value) {
        String number = Integer.toString(values.size());
        value("name" + number, name).value("value" + number, value);
        return and("exists (select 1 from label as other where other.value = :value" + number
                + " and other.name = :name" + number + " and other.seq = message.seq)");
    }

    /** Returns all, as they follow on others. */
    String sql() {
        return conditions.isEmpty() ? "" : " and " + String.join(" and ", conditions);
    }

    /** Gives a statement the values. */
    <S extends SqlStatement<S>> S bind(S statement) {
        values.forEach(statement::bind);
        return statement;
    }
}
