import type {CommandRoute} from '#runner/desired/command-route.ts';
import type {DeclaredObject, KindName} from '#runner/desired/declared.ts';
import type {EngineAnswer, EngineRequest} from '#runner/observed/engine-request.ts';
import type {EngineView} from '#runner/observed/engine-view.ts';
import type {Shape} from './shape.ts';

/**
 * Where a kind stands in the order of things, lowest first: what teaches the engine new words, what others are made of, what rules read,
 * rules.
 */
export type Level = 'groundwork' | 'foundation' | 'source' | 'rule';

/** How one kind of thing is declared, read, compared, made and removed. Adding a kind is one file and one line in `registry.ts`. */
export interface ResourceKind {
  readonly kind: KindName;
  readonly level: Level;
  /** The commands that declare things of this kind. */
  readonly routes: readonly CommandRoute[];
  /**
   * Whether the engine shows the content it was given. Where it does not, presence is all that can be compared, and the inventory knows
   * what was sent last.
   */
  readonly showsContent: boolean;

  /**
   * What the engine holds: its own texts by name. Kinds that the engine lists in one request return everything; the others only
   * `names`. Rejects with RequestFailure or ObservationError.
   */
  read(view: EngineView, names: readonly string[]): Promise<ReadonlyMap<string, string>>;

  /** The engine's text for one name, asked as directly as the engine allows; undefined when it has none. */
  readOne(view: EngineView, name: string): Promise<string | undefined>;

  /** Whether the engine's text means what was declared: defaults filled on both sides, layout and run state left aside. */
  isSame(declared: DeclaredObject, observed: string): boolean;

  create(declared: DeclaredObject): EngineRequest;
  update(declared: DeclaredObject): EngineRequest;
  remove(name: string): EngineRequest;

  /** Of kinds whose objects have tags: the scope that a content names, and a content with a scope's name in it. */
  scopeOf?(content: string): string | undefined;
  withScope?(content: string, scope: string): string;

  /** A declared content, or the engine's text, as it is shown to people. */
  shapeOf(name: string, content: string): Shape;

  /** Whether an update was refused only because running rules use the object. */
  isHeldByRules?(answer: EngineAnswer): boolean;

  /** Whether an update was refused because the engine cannot make this change in place. */
  isFixed?(answer: EngineAnswer): boolean;
  /** Of kinds that may be made anew: the body that makes what the engine showed. */
  bodyOf?(observed: string): string;
}
