package dev.lanyard.jdbc;

import static java.lang.constant.ConstantDescs.CD_CallSite;
import static java.lang.constant.ConstantDescs.CD_MethodHandle;
import static java.lang.constant.ConstantDescs.CD_MethodType;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;

import dev.lanyard.context.Context;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicCallSiteDesc;
import java.lang.constant.MethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.LambdaMetafactory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.function.BiFunction;

/**
 * Completes a wrapper: the methods of a JDBC interface that an abstract class does not define are
 * passed on to the object in its field {@code driver}, behind a shield against interrupts where
 * {@link ShieldedLob} says so; large objects and streams that come back are shielded by it.
 *
 * <p>The five interfaces have 500 methods, of which a tenth matters here. Written out they would
 * bury it; a {@link java.lang.reflect.Proxy} would box the arguments of each getter of each row. So
 * the class is made when the first of its kind is needed, with what the JDK has for that: what runs
 * is what would have been written.
 */
final class Delegates {
  private static final DirectMethodHandleDesc LAMBDA =
      ConstantDescs.ofCallsiteBootstrap(
          desc(LambdaMetafactory.class),
          "metafactory",
          CD_CallSite,
          CD_MethodType,
          CD_MethodHandle,
          CD_MethodType);

  private Delegates() {}

  /**
   * How to make complete wrappers.
   *
   * @param wrapper abstract, with a constructor that takes a {@code parent} and a {@code driver}
   * @param parent the type of the constructor's first parameter
   * @param driver the JDBC interface, the type of the second
   */
  static <W, P, D> BiFunction<P, D, W> completing(
      Class<W> wrapper, Class<P> parent, Class<D> driver) {
    try {
      byte[] bytes = complete(wrapper, parent, driver);
      MethodHandles.Lookup completed = MethodHandles.lookup().defineHiddenClass(bytes, true);
      MethodHandle constructor =
          completed.findConstructor(
              completed.lookupClass(), MethodType.methodType(void.class, parent, driver));
      @SuppressWarnings("unchecked")
      BiFunction<P, D, W> result =
          MethodHandleProxies.asInterfaceInstance(BiFunction.class, constructor);
      return result;
    } catch (ReflectiveOperationException impossible) {
      throw new LinkageError("cannot complete " + wrapper, impossible);
    }
  }

  private static byte[] complete(Class<?> wrapper, Class<?> parent, Class<?> driver) {
    ClassDesc superclass = desc(wrapper);
    ClassDesc target = desc(driver);
    MethodTypeDesc constructor = MethodTypeDesc.of(CD_void, desc(parent), target);
    return ClassFile.of()
        .build(
            ClassDesc.of(wrapper.getName() + "Completed"),
            made -> {
              made.withFlags(ClassFile.ACC_FINAL).withSuperclass(superclass);
              made.withMethodBody(
                  INIT_NAME,
                  constructor,
                  0,
                  code ->
                      code.aload(0)
                          .aload(1)
                          .aload(2)
                          .invokespecial(superclass, INIT_NAME, constructor)
                          .return_());
              for (Method method : driver.getMethods()) {
                if (isLeftOpen(method, wrapper)) {
                  made.withMethodBody(
                      method.getName(),
                      desc(method),
                      ClassFile.ACC_PUBLIC,
                      code -> passOn(code, method, wrapper, target));
                }
              }
            });
  }

  /** A default method too is the driver's business, unless the wrapper defines it. */
  private static boolean isLeftOpen(Method method, Class<?> wrapper) {
    if (Modifier.isStatic(method.getModifiers())) return false;
    try {
      return wrapper
          .getMethod(method.getName(), method.getParameterTypes())
          .getDeclaringClass()
          .isInterface();
    } catch (NoSuchMethodException impossible) {
      throw new LinkageError(
          wrapper + " does not implement the interface of " + method, impossible);
    }
  }

  private static void passOn(CodeBuilder code, Method method, Class<?> wrapper, ClassDesc target) {
    Field field = driverField(wrapper);
    code.aload(0).getfield(desc(field.getDeclaringClass()), field.getName(), desc(field.getType()));
    if (!desc(field.getType()).equals(target)) code.checkcast(target);
    int slot = 1;
    for (Class<?> parameter : method.getParameterTypes()) {
      TypeKind kind = TypeKind.from(parameter);
      code.loadLocal(kind, slot);
      slot += kind.slotSize();
    }
    if (ShieldedLob.mayMoveContent(method)) callShielded(code, method, target);
    else code.invokeinterface(target, method.getName(), desc(method));
    Class<?> result = method.getReturnType();
    if (ShieldedLob.TYPES.contains(result)) {
      code.invokestatic(
          desc(ShieldedLob.class), "of", MethodTypeDesc.of(desc(result), desc(result)));
    }
    code.return_(TypeKind.from(result));
  }

  /** What stands on the stack becomes a lambda, as javac would make it. */
  private static void callShielded(CodeBuilder code, Method method, ClassDesc target) {
    boolean givesNothing = method.getReturnType() == void.class;
    ClassDesc lambda = desc(givesNothing ? DriverAction.class : ScopedValue.CallableOp.class);
    MethodTypeDesc erased = MethodTypeDesc.of(givesNothing ? CD_void : CD_Object);
    MethodTypeDesc type = desc(method);
    code.invokedynamic(
        DynamicCallSiteDesc.of(
            LAMBDA,
            givesNothing ? "run" : "call",
            type.insertParameterTypes(0, target).changeReturnType(lambda),
            erased,
            MethodHandleDesc.ofMethod(
                DirectMethodHandleDesc.Kind.INTERFACE_VIRTUAL, target, method.getName(), type),
            MethodTypeDesc.of(type.returnType())));
    ClassDesc shield = desc(givesNothing ? DriverAction.class : Context.class);
    MethodTypeDesc shielded = MethodTypeDesc.of(erased.returnType(), lambda);
    code.invokestatic(shield, "shielded", shielded, true);
    if (!givesNothing) code.checkcast(type.returnType());
  }

  private static Field driverField(Class<?> wrapper) {
    for (Class<?> type = wrapper; type != Object.class; type = type.getSuperclass()) {
      for (Field field : type.getDeclaredFields()) {
        if (field.getName().equals("driver")) return field;
      }
    }
    throw new LinkageError(wrapper + " has no field named driver");
  }

  private static MethodTypeDesc desc(Method method) {
    return MethodType.methodType(method.getReturnType(), method.getParameterTypes())
        .describeConstable()
        .orElseThrow();
  }

  private static ClassDesc desc(Class<?> type) {
    return type.describeConstable().orElseThrow();
  }
}
