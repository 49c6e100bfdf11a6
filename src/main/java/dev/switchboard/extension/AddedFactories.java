package dev.switchboard.extension;

import java.util.Optional;
import org.apache.camel.impl.engine.DefaultFactoryFinder;
import org.apache.camel.spi.ClassResolver;
import org.apache.camel.spi.FactoryFinder;
import org.apache.camel.spi.FactoryFinderResolver;

/** Finds first what was known when the program was built, as before, and then what the class path has beyond that. */
final class AddedFactories implements FactoryFinderResolver {

    private final FactoryFinderResolver known;

    AddedFactories(FactoryFinderResolver known) {
        this.known = known;
    }

    @Override
    public FactoryFinder resolveFactoryFinder(ClassResolver classes, String path) {
        return new Finder(known.resolveFactoryFinder(classes, path), new DefaultFactoryFinder(classes, path));
    }

    @Override
    public FactoryFinder resolveBootstrapFactoryFinder(ClassResolver classes, String path) {
        return known.resolveBootstrapFactoryFinder(classes, path);
    }

    private record Finder(FactoryFinder known, FactoryFinder added) implements FactoryFinder {

        @Override
        public String getResourcePath() {
            return known.getResourcePath();
        }

        @Override
        public Optional<Object> newInstance(String key) {
            return known.newInstance(key).or(() -> added.newInstance(key));
        }

        @Override
        public <T> Optional<T> newInstance(String key, Class<T> type) {
            return known.newInstance(key, type).or(() -> added.newInstance(key, type));
        }

        @Override
        public Optional<Class<?>> findClass(String key) {
            return known.findClass(key).or(() -> added.findClass(key));
        }

        @Override
        public Optional<Class<?>> findOptionalClass(String key) {
            return known.findOptionalClass(key).or(() -> added.findOptionalClass(key));
        }

        @Override
        public void clear() {
            known.clear();
            added.clear();
        }
    }
}
