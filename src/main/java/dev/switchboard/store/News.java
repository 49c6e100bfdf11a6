package dev.switchboard.store;

import dev.switchboard.database.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What listeners are told of after a commit. */
final class News {

    private final List<Consumer<StoreListener>> news = new ArrayList<>();

    private News() {}

    static void add(Transaction transaction, Consumer<StoreListener> what) {
        transaction.part(News.class, News::new).news.add(what);
    }

    static void tell(Transaction transaction, StoreListener listener, int changes, long nanos) {
        transaction.part(News.class).ifPresent(all -> all.news.forEach(each -> each.accept(listener)));
        listener.committed(changes, nanos);
    }
}
