package dev.switchboard.database;

import dev.switchboard.message.Refused;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Finds what has some words in an id, a conversation, a customer, a label or the text. What begins with them, as they are written, an
 * index finds. What has them anywhere, in upper or lower case, is found by looking through the newest messages.
 *
 * @param from of those that are looked through: accepted at or after, in milliseconds since 1970
 * @param to accepted before
 * @param customers whether customers are looked at
 * @param texts whether texts are
 */
public record Words(Sql sql, long from, long to, boolean customers, boolean texts) {

    /** So many that begin with a text are looked up one by one; where there are more, the newest messages are looked through. */
    private static final int FEW = 1_000;

    private static final int LOOKED_THROUGH = 100_000;
    private static final String END_OF_PREFIX = Character.toString(Character.MAX_CODE_POINT);

    /**
     * Returns conditions of which each holds for some of those messages.
     *
     * @param after the number that those of the messages are below
     */
    public List<Query> conditions(String words, long after) {
        var conditions = new ArrayList<Query>();
        for (String column : List.of("identity.id", "message.conversation", "message.customer", "label.value")) {
            if (customers || !column.equals("message.customer")) {
                conditions.add(beginning(column, words));
            }
        }
        conditions.addAll(anywhere(words, after));
        return conditions;
    }

    private Query beginning(String column, String words) {
        String table = column.substring(0, column.indexOf('.'));
        var begin = new Query(
                "select seq from " + table + " where " + column + " >= ? and " + column + " < ?",
                words,
                words + END_OF_PREFIX);
        boolean few = begin.within("select count(*) from (", " limit " + (FEW + 1) + ") as begin")
                        .list(sql, Row::number)
                        .get(0)
                <= FEW;
        String own = column.equals("identity.id") ? "message.id" : column;
        return few || table.equals("label")
                ? begin.within("message.seq in (", ")")
                : new Query(own + " || '' >= ? and " + own + " || '' < ?", words, words + END_OF_PREFIX);
    }

    private List<Query> anywhere(String words, long after) {
        long upTo = to == Long.MAX_VALUE ? after : Math.min(after, Clock.number(to));
        Long found = new Query(
                        "select seq from message where seq < ? order by seq desc limit 1 offset " + LOOKED_THROUGH,
                        upTo)
                .first(sql, Row::number);
        long first = Math.max(found == null ? 0 : found, from > 0 ? Clock.number(from) : 0);
        var columns = new ArrayList<>(List.of("message.id", "coalesce(message.conversation, '')"));
        if (customers) {
            columns.add("coalesce(message.customer, '')");
        }
        if (texts) {
            columns.add(text());
        }
        return List.of(
                contains("(" + String.join(" || '\n' || ", columns) + ")", words)
                        .within("message.seq >= ? and message.seq < ? and ", "", first, upTo),
                contains("label.value", words)
                        .within(
                                "message.seq in (select seq from label where seq >= ? and seq < ? and ",
                                ")",
                                first,
                                upTo));
    }

    /** Texts are searched where they lie, so not in a store that encrypts them. */
    private String text() {
        if (sql.sealing().isOn()) {
            throw Refused.invalid("texts", "encrypted", "the store encrypts texts, so they cannot be searched");
        }
        try {
            boolean sqlite = sql.connection().getMetaData().getURL().startsWith("jdbc:sqlite:");
            String body = sqlite ? "message.body" : "cast(message.body as json)";
            return "coalesce(" + body + " ->> 'text', '')";
        } catch (SQLException e) {
            throw new StoreFailed(e);
        }
    }

    private static Query contains(String column, String words) {
        var query = new Query("(1 = 0");
        spellings(words)
                .forEach(each -> query.add(
                        " or lower(" + column + ") like ? escape '!'", "%" + each.replaceAll("[!%_]", "!$0") + "%"));
        return query.add(")");
    }

    /** SQLite only knows the small letters of a to z: other letters are found as they are written here, all small, all capital or with a capital first. */
    private static Set<String> spellings(String words) {
        String small = words.toLowerCase(Locale.ROOT);
        String capital = small.substring(0, small.offsetByCodePoints(0, 1)).toUpperCase(Locale.ROOT)
                + small.substring(small.offsetByCodePoints(0, 1));
        var spellings = new LinkedHashSet<String>();
        for (String each : List.of(words, small, words.toUpperCase(Locale.ROOT), capital)) {
            spellings.add(asSqliteLower(each));
        }
        return spellings;
    }

    private static String asSqliteLower(String text) {
        return text.codePoints()
                .map(each -> each >= 'A' && each <= 'Z' ? each + 'a' - 'A' : each)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
